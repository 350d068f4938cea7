package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Enrolled agents over REST: their own tenant's alone, and what may be sent for one. */
class AgentsApiTest extends GatewayTest {
    AgentsApiTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    static Stream<BiFunction<ApiClient, String, Answer>> everythingAboutAnAgent() {
        return Stream.of(
                (client, path) -> client.get(path),
                (client, path) -> client.put(path, Map.of("name", "taken over")),
                (client, path) -> client.post(path + "/revoke", null),
                (client, path) -> client.delete(path));
    }

    @ParameterizedTest
    @MethodSource("everythingAboutAnAgent")
    void anotherTenantsAgentIsLikeNone(BiFunction<ApiClient, String, Answer> request) {
        String path = path(enrolled());
        Answer before = owner.get(path);
        assertThat(before.status()).as(before.text()).isEqualTo(200);
        ApiClient other = people.member(Role.OWNER);

        Answer answer = request.apply(other, path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text())
                .isEqualTo(request.apply(other, "/api/v1/agents/" + UUID.randomUUID())
                        .text());
        assertThat(owner.get(path).text()).isEqualTo(before.text());
    }

    @Test
    void anotherTenantsAgentsAreNotListed() {
        ScriptedAgent agent = enrolled();
        ApiClient other = people.member(Role.OWNER);

        assertThat(owner.get("/api/v1/agents").text()).contains(agent.id().toString());
        assertThat(other.get("/api/v1/agents").json().get("items").isEmpty()).isTrue();
        assertThat(other.get("/api/v1/agents?locationId=" + location)
                        .json()
                        .get("items")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void itsOwnTenantRenamesRevokesAndDeletesIt() {
        String path = path(enrolled());

        assertThat(owner.put(path, Map.of("name", "cellar")).json().get("name").asString())
                .isEqualTo("cellar");
        assertThat(owner.post(path + "/revoke", null).json().get("state").asString())
                .isEqualTo("revoked");
        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(owner.get(path).code()).isEqualTo("not-found");
    }

    @Test
    void theLifeOfAnAgentIsOnRecord() {
        ScriptedAgent agent = enrolled();
        String path = path(agent);
        owner.put(path, Map.of("name", "cellar"));
        owner.post(path + "/drain", null);
        owner.post(path + "/drain", null);
        owner.post(path + "/resume", null);
        owner.post(path + "/revoke", null);
        owner.post(path + "/revoke", null);
        owner.delete(path);

        var entries = owner.get("/api/v1/audit?subject=" + agent.id())
                .json()
                .get("items")
                .values();
        assertThat(entries.stream().map(entry -> entry.get("act").asString()))
                .containsExactly(
                        "agent.deleted",
                        "agent.revoked",
                        "agent.resumed",
                        "agent.drained",
                        "agent.renamed",
                        "agent.enrolled");
        assertThat(entries)
                .allSatisfy(entry ->
                        assertThat(entry.at("/details/location").asString()).isEqualTo("Paris"));
        assertThat(entries.stream().toList().getLast().at("/actor/kind").asString())
                .isEqualTo("agent");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"name":                  | invalid-json   |
                    {"name": 7}               | invalid-fields | wrong-type
                    {"name": ["a"]}           | invalid-fields | wrong-type
                    {}                        | invalid-fields | required
                    {"name": "a", "id": "b"}  | invalid-fields | unknown-field
                    {"name": "LONG"}          | invalid-fields | too-long
                    """)
    void whatANameIsNot(String body, String code, String why) {
        String path = path(enrolled());

        Answer refused = owner.put(path, body.replace("LONG", "x".repeat(101)));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.json().at("/fieldErrors/0/code").asString("")).isEqualTo(why == null ? "" : why);
    }

    private static String path(ScriptedAgent agent) {
        return "/api/v1/agents/" + agent.id();
    }
}
