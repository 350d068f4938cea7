package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Monitor tests from the request to the outcome. */
@ExtendWith(OutputCaptureExtension.class)
class MonitorTestsTest extends GatewayTest {
    MonitorTestsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void aMonitorTestGoesToTheAgentAndItsOutcomeComesBack(CapturedOutput output) throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        var started = owner.post(
                "/api/v1/monitor-tests",
                Map.of(
                        "monitor",
                        Map.of(
                                "type",
                                "imap",
                                "host",
                                "mail.example.org",
                                "credentials",
                                Map.of("username", "alice", "password", CANARY)),
                        "locationIds",
                        List.of(location)));
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        String path = started.header("Location");
        RunTest order = stream.hear(MessageCase.RUN_TEST).getRunTest();
        assertThat(open(agent, order.getSecret(), order.getTestId()).getPassword())
                .isEqualTo(CANARY);
        assertThat(owner.get(path).json().at("/outcomes/0/state").asString()).isEqualTo("running");
        assertThat(people.member(Role.OWNER).get(path).status()).isEqualTo(404);

        stream.say(AgentMessage.newBuilder()
                .setTestOutcome(TestOutcome.newBuilder()
                        .setTestId(order.getTestId())
                        .setResult(ScriptedAgent.ok(0, 0, Instant.now()))));

        await().atMost(5, TimeUnit.SECONDS)
                .until(() -> owner.get(path).json().get("state").asString().equals("done"));
        JsonNode outcome = owner.get(path).json().at("/outcomes/0");
        assertThat(outcome.get("state").asString()).isEqualTo("done");
        assertThat(outcome.at("/result/totalMillis").asDouble()).isEqualTo(42.0);
        assertThat(outcome.get("agentId").asString()).isEqualTo(agent.id().toString());
        assertThat(output.getAll()).doesNotContain(CANARY);
    }

    @Test
    void aMonitorTestWithoutAConnectedAgentSaysSoAtOnce() {
        enrolled();

        var started =
                owner.post("/api/v1/monitor-tests", Map.of("monitor", monitor(null), "locationIds", List.of(location)));

        assertThat(started.json().get("state").asString()).isEqualTo("done");
        assertThat(started.json().at("/outcomes/0/state").asString()).isEqualTo("failed");
        assertThat(started.json().at("/outcomes/0/message").asString())
                .isEqualTo("No agent of this location is connected.");
    }

    @Test
    void aStoredPasswordThatCannotBeReadIsToBeEnteredAgain() {
        String broken = createMonitor(Map.of("username", "alice", "password", CANARY));
        damagePassword(broken);

        var saved = owner.post("/api/v1/monitor-tests", Map.of("monitorId", broken));
        var edited = owner.post(
                "/api/v1/monitor-tests", Map.of("monitorId", broken, "monitor", monitor(Map.of("username", "alice"))));

        for (var refused : List.of(saved, edited)) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("password-unreadable");
            assertThat(refused.json().get("detail").asString())
                    .isEqualTo("The stored password or access token can't be read: enter it again.");
        }
    }

    @Test
    void aTenantStartsTenMonitorTestsAMinute() {
        Map<String, Object> request = Map.of("monitor", monitor(null), "locationIds", List.of(location));
        for (int i = 0; i < 10; i++) {
            assertThat(owner.post("/api/v1/monitor-tests", request).status()).isEqualTo(202);
        }

        var refused = owner.post("/api/v1/monitor-tests", request);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("too-many-requests");
    }
}
