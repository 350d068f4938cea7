package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who gets in, as whom, and what everybody hears of it: over the real port, with the real database and API. */
class AgentIdentityTest extends GatewayTest {
    AgentIdentityTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void ofAHundredAgentsThatComeWithOneTokenAtOnceOneGetsIn() throws Exception {
        String token = token();
        List<ScriptedAgent> all =
                IntStream.range(0, 100).mapToObj(n -> newAgent()).toList();

        List<Status.Code> refused;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            refused = threads
                    .invokeAll(all.stream()
                            .<Callable<Status.Code>>map(agent -> () -> untilAnswered(agent, token))
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        assertThat(refused).filteredOn(code -> code == Status.Code.OK).hasSize(1);
        assertThat(refused)
                .filteredOn(code -> code == Status.Code.PERMISSION_DENIED)
                .hasSize(99);
        assertThat(owner.get("/api/v1/agents?locationId=" + location).json().get("items"))
                .hasSize(1);
    }

    /** As an agent does that is told to come again. */
    private static Status.Code untilAnswered(ScriptedAgent agent, String token) {
        while (true) {
            Throwable failure = catchThrowable(() -> agent.enrol(token));
            Status.Code code = failure == null
                    ? Status.Code.OK
                    : Status.fromThrowable(failure).getCode();
            if (code != Status.Code.RESOURCE_EXHAUSTED) {
                return code;
            }
        }
    }

    @Test
    void anAgentWhoseTokenAsksForApprovalGetsInOnceAPersonHasGivenIt() {
        ScriptedAgent agent = newAgent();
        String token = tokenForApproval();
        var waiting = agent.enrol(token);
        assertThat(waiting.hasCertificate()).isFalse();
        var shown = owner.get("/api/v1/agents/" + agent.id()).json();
        assertThat(shown.get("state").asString()).isEqualTo("awaiting-approval");
        assertThat(shown.at("/identity/fingerprint").asString())
                .isEqualTo(waiting.getAwaitingApproval().getFingerprint())
                .matches("([0-9a-f]{4}-){7}[0-9a-f]{4}");
        assertThat(owner.get("/api/v1/locations/" + location)
                        .json()
                        .get("agents")
                        .asInt())
                .as("of the pool")
                .isZero();
        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/replacement", null)
                        .status())
                .isEqualTo(409);

        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/approve", null).status())
                .isEqualTo(200);

        assertThat(agent.enrol(token).hasCertificate()).isTrue();
        agent.connect().greet();
        assertThat(agentState(agent)).isEqualTo("online");
        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/refuse", null).status())
                .as("too late")
                .isEqualTo(409);
    }

    /** It is not let in later, and is not left waiting for somebody who then approves it. */
    @Test
    void whoRevokesAnAgentThatWaitsForApprovalRefusesIt() {
        ScriptedAgent agent = newAgent();
        String token = tokenForApproval();
        agent.enrol(token);

        var answer = owner.post("/api/v1/agents/" + agent.id() + "/revoke", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("state").asString()).isEqualTo("refused");
        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/approve", null).status())
                .isEqualTo(409);
        assertThatThrownBy(() -> agent.enrol(token)).hasMessageContaining("An administrator refused this agent");
        assertThat(owner.get("/api/v1/audit?act=agent.refused&subject=" + agent.id())
                        .json()
                        .get("items"))
                .hasSize(1);
    }

    @Test
    void anAgentThatAPersonRefusedReadsSo() {
        ScriptedAgent agent = newAgent();
        String token = tokenForApproval();
        agent.enrol(token);

        owner.post("/api/v1/agents/" + agent.id() + "/refuse", null);

        assertThatThrownBy(() -> agent.enrol(token))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED))
                .hasMessageContaining("An administrator refused this agent");
        assertThat(agentState(agent)).isEqualTo("refused");
        assertThat(owner.delete("/api/v1/agents/" + agent.id()).status()).isEqualTo(204);
    }

    @Test
    void aNewHostGetsTheChecksOfTheOldOneSealedToItsOwnKeyAndTheOldOnesResultsAreFenced() throws Exception {
        ScriptedAgent old = enrolled();
        ScriptedAgent.Stream before = old.connect().greet();
        String monitor = createMonitor(Map.of("username", "probe", "password", CANARY));
        Assignment assignment = before.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        ScriptedAgent newcomer = newAgent();
        String token = owner.post("/api/v1/agents/" + old.id() + "/replacement", null)
                .json()
                .get("token")
                .asString();
        assertThatItStands(before);

        newcomer.enrol(token);
        before.results(1, ScriptedAgent.ok(assignment.getSeries(), 1, Instant.now()));

        assertThat(before.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REPLACED);
        assertThat(before.all(MessageCase.ACK)).isEmpty();
        assertThat(newcomer.id()).isEqualTo(old.id());
        ScriptedAgent.Stream now = newcomer.connect().greet();
        Assignment same = now.hear(MessageCase.SNAPSHOT).getSnapshot().getAssignments(0);
        assertThat(same.getSeries()).isEqualTo(assignment.getSeries());
        Secret secret = open(newcomer, same.getSecret(), same.getSecret().getPurpose());
        assertThat(secret.getPassword()).isEqualTo(CANARY);
        assertThat(results(monitor)).isEmpty();

        ScriptedAgent.Stream again = old.connect();
        again.say(again.hello(old.id(), 0, ByteString.EMPTY));
        var goodbye = again.hear(MessageCase.GOODBYE).getGoodbye();
        assertThat(goodbye.getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_REPLACED);
        assertThat(goodbye.getMessage()).contains("taken the place of this agent");
        assertThat(Status.fromThrowable(catchThrowable(old::renew)).getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    @Test
    void aCopyWithAnOlderCertificateLocksTheAgentAndThePageSaysWhy() {
        ScriptedAgent agent = enrolled();
        agent.connect().greet();
        long older = agent.generation();
        var olderChain = agent.chain();
        agent.renew();
        ScriptedAgent.Stream standing = agent.connect().greet();
        system.run(() -> jdbc.sql(
                        "UPDATE agent SET generation_since = generation_since - interval '1 hour' WHERE agent_id = ?")
                .param(agent.id().value())
                .update());

        agent.hold(older, olderChain);
        ScriptedAgent.Stream copy = agent.connect();
        copy.say(copy.hello(agent.id(), 0, ByteString.EMPTY));

        assertThat(copy.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_CLONED);
        assertThat(standing.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_CLONED);
        var shown = owner.get("/api/v1/agents/" + agent.id()).json();
        assertThat(shown.get("state").asString()).isEqualTo("cloned");
        assertThat(shown.at("/identity/copies/sign").asString()).isEqualTo("older-certificate");
        assertThat(shown.at("/identity/copies/addresses/0").asString()).contains("127.0.0.1");
    }

    private String tokenForApproval() {
        return owner.post("/api/v1/enrolment-tokens", Map.of("locationId", location, "needsApproval", true))
                .json()
                .get("token")
                .asString();
    }
}
