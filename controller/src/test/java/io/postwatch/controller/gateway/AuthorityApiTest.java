package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** An operator replaces the root of the controller that runs, while agents stand, come and are away. */
class AuthorityApiTest extends GatewayTest {
    private static final String AUTHORITY = "/api/v1/authority";

    private ApiClient operator;

    AuthorityApiTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
        operator = people.anonymous();
    }

    /** Other tests share this platform, and one may have begun a change. */
    @BeforeEach
    void awaitQuiet() {
        operator = people.member(Role.OPERATOR);
        await().atMost(90, TimeUnit.SECONDS)
                .until(() -> roots().stream().noneMatch(root -> state(root).equals("next") && root.has("issuesFrom")));
    }

    @Test
    void theRootIsReplacedWhileAgentsStandAndAreAway() {
        ScriptedAgent standing = enrolled();
        ScriptedAgent.Stream stream = standing.connect().greet();
        ScriptedAgent away = enrolled();
        String token = token();
        JsonNode old = roots().getFirst();

        List<JsonNode> prepared = begun("/rotation");

        JsonNode next = prepared.get(1);
        assertThat(state(next)).isEqualTo("next");
        assertThat(next.has("issuesFrom")).isFalse();
        assertThat(prepared.getFirst().get("fingerprint")).isEqualTo(old.get("fingerprint"));
        assertThat(begun("/rotation").get(1).get("fingerprint")).as("once").isEqualTo(next.get("fingerprint"));
        assertThat(old.get("agents").asLong()).isPositive();
        assertThat(next.get("agents").asLong()).as("nobody has said so").isZero();

        JsonNode changing = begun("/change").get(1);
        Instant from = Instant.parse(changing.get("issuesFrom").asString());
        assertThat(from).isBetween(Instant.now(), Instant.now().plus(Duration.ofMinutes(1)));
        assertThat(begun("/change").get(1).get("issuesFrom").asString()).isEqualTo(from.toString());
        // Whoever stands says so now and then.
        await().atMost(90, TimeUnit.SECONDS).pollInterval(Duration.ofSeconds(2)).until(() -> {
            assertThatItStands(stream);
            return roots().getFirst().get("fingerprint").equals(next.get("fingerprint"));
        });

        JsonNode former = roots().get(1);
        assertThat(state(former)).isEqualTo("former");
        assertThat(Instant.parse(former.get("trustedUntil").asString())).isAfter(from.plus(Duration.ofDays(7)));
        assertThatItStands(stream);
        ScriptedAgent.Stream back = away.connect().greet();
        assertThat(back.hear(MessageCase.WELCOME).getWelcome().getRootsCount())
                .as("what it is told to trust")
                .isEqualTo(roots().size());
        standing.renew();
        assertThat(standing.chain().getFirst())
                .satisfies(leaf -> leaf.verify(authority.roots().getFirst().getPublicKey()));
        standing.connect().greet();
        ScriptedAgent late = newAgent();
        late.enrol(token);
        late.connect().greet();
        assertThat(operator.get("/api/v1/audit?act=authority.root-changed").text())
                .contains(next.get("fingerprint").asString());
    }

    @Test
    void withoutANextRootThereIsNothingToChangeTo() {
        if (roots().stream().noneMatch(root -> state(root).equals("next"))) {
            assertThat(operator.post(AUTHORITY + "/change", null).code()).isEqualTo("no-next-root");
        }
        assertThat(operator.get(AUTHORITY).json().get("agents").asLong(-1)).isNotNegative();
        assertThat(Instant.parse(operator.get(AUTHORITY).json().get("changesAt").asString()))
                .isAfter(Instant.now().plus(Duration.ofDays(3000)));
    }

    @Test
    void noCustomerHasASayInIt() {
        assertThat(owner.get(AUTHORITY).code()).isEqualTo("permission-denied");
        assertThat(owner.post(AUTHORITY + "/rotation", null).code()).isEqualTo("permission-denied");
        assertThat(owner.post(AUTHORITY + "/change", Map.of()).code()).isEqualTo("permission-denied");
    }

    private List<JsonNode> begun(String step) {
        ApiClient.Answer answer = operator.post(AUTHORITY + step, null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().get("roots").valueStream().toList();
    }

    private List<JsonNode> roots() {
        return operator.get(AUTHORITY).json().get("roots").valueStream().toList();
    }

    private static String state(JsonNode root) {
        return root.get("state").asString();
    }
}
