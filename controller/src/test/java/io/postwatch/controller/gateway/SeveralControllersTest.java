package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Two controllers on one database: what is done at one holds at the other. Once with hints, once without. */
@TestPropertySource(properties = "postwatch.peers.hints=true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralControllersTest extends GatewayTest {
    private final Environment environment;
    private final ControllerId first;
    private SecondController second;

    SeveralControllersTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired Environment environment,
            @Autowired ControllerId first) {
        super(people, server, authority, system, jdbc);
        this.environment = environment;
        this.first = first;
    }

    @BeforeAll
    void startAnother(@TempDir Path folder) {
        second = SecondController.beside(environment, folder);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> system.call(() -> jdbc.sql(
                                        "SELECT count(*) FROM controller_note WHERE controller_id = ? AND sequence = 1")
                                .param(first.value())
                                .query(Integer.class)
                                .single())
                        == 1);
    }

    @AfterAll
    void stopTheOther() {
        second.close();
    }

    @Test
    void aChangeMadeAtOneReachesAgentsOfTheOtherAndRunsAtOnce() {
        ScriptedAgent agent = enrolled().at(second.agentPort());
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        String monitor = createMonitor(null);

        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        assertThat(stream.hear(MessageCase.TRIGGERED_RUN).getTriggeredRun().getSeries())
                .isEqualTo(assignment.getSeries());
        assertThat(syncOf(monitor)).isEqualTo("pending");
        stream.applied(stream.hear(MessageCase.DELTA).getDelta().getRevision(), hash(assignment));
        await().atMost(10, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("in-sync"));
        assertThat(second.as(owner).delete("/api/v1/monitors/" + monitor).status())
                .isEqualTo(204);
        assertThat(stream.hear(MessageCase.DELTA, 1).getDelta().getWithdrawnSeriesList())
                .containsExactly(assignment.getSeries());
    }

    /** As after the death of the controller that made a change, between its commit and its note. */
    @Test
    void aChangeOfWhichNobodyToldReachesTheAgentAllTheSame() {
        ScriptedAgent agent = enrolled().at(second.agentPort());
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        long before = stream.hear(MessageCase.SNAPSHOT).getSnapshot().getRevision();

        system.run(() -> jdbc.sql("UPDATE agent SET wanted_revision = wanted_revision + 1 WHERE agent_id = ?")
                .param(agent.id().value())
                .update());

        assertThat(stream.hear(MessageCase.DELTA).getDelta().getRevision()).isEqualTo(before + 1);
    }

    @Test
    void eventsReachTheBrowsersOfBothAndNoOtherTenants() {
        ApiClient other = people.member(Role.OWNER);
        try (HeardEvents here = HeardEvents.of(owner);
                HeardEvents there = HeardEvents.of(second.as(owner));
                HeardEvents others = HeardEvents.of(second.as(other))) {
            String made = component(owner, "made at the first");
            String madeThere = component(second.as(owner), "made at the second");
            here.await("component", made);
            here.await("component", madeThere);
            there.await("component", made);
            there.await("component", madeThere);

            String ofOthers = component(other, "of others");
            others.await("component", ofOthers);
            assertThat(others.all()).noneMatch(event -> event.contains(made) || event.contains(madeThere));
            assertThat(there.all()).noneMatch(event -> event.contains(ofOthers));
        }
    }

    @Test
    void whereHintsAreLostNothingElseIs() {
        try (HeardEvents there = HeardEvents.of(second.as(owner))) {
            system.run(
                    () -> jdbc.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?"
                                    + " AND datname = current_database()")
                            .param("postwatch hints")
                            .query(Boolean.class)
                            .list());

            there.await("component", component(owner, "made without a hint"));
        }
    }

    @Test
    void whereEventsMayBeMissingBrowsersFetchEverything() {
        WrittenController gone = new WrittenController(system, jdbc);
        gone.beginAndTell("event", owner.tenant() + " monitor 1 told");
        try (HeardEvents there = HeardEvents.of(second.as(owner))) {
            gone.tell(2, "event", owner.tenant() + " monitor 1 told-again");
            there.await("monitor", "told-again");
            assertThat(there.all()).noneMatch(event -> event.contains("everything"));

            gone.tell(4, "event", owner.tenant() + " monitor 1 after-a-hole");
            there.await("everything", "");
            there.await("monitor", "after-a-hole");
        }
        try (HeardEvents there = HeardEvents.of(second.as(owner))) {
            gone.end();
            there.await("everything", "");
        }
    }

    @Test
    void aMonitorTestRunsAtTheAgentsOfBothAndItsOutcomesAreSeenAtBoth() {
        ScriptedAgent.Stream here = connected();
        String there = owner.post("/api/v1/locations", Map.of("name", "Rome"))
                .json()
                .get("id")
                .asString();
        String token = owner.post("/api/v1/enrolment-tokens", Map.of("locationId", there))
                .json()
                .get("token")
                .asString();
        ScriptedAgent farAgent = newAgent();
        farAgent.enrol(token);
        ScriptedAgent.Stream far = farAgent.at(second.agentPort()).connect().greet();
        try (HeardEvents events = HeardEvents.of(second.as(owner))) {
            String path = startTest(location, there);
            String id = path.substring(path.lastIndexOf('/') + 1);
            answer(here, here.hear(MessageCase.RUN_TEST).getRunTest());
            answer(far, far.hear(MessageCase.RUN_TEST).getRunTest());

            await().atMost(10, TimeUnit.SECONDS).until(() -> state(path).equals("done"));
            assertThat(outcomes(owner, path)).containsExactly("done", "done");
            assertThat(outcomes(second.as(owner), path)).containsExactly("done", "done");
            events.await("monitor-test", id);
        }
    }

    @Test
    void aMonitorTestWhoseSessionIsReplacedEndsWithItsReason() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream before = agent.connect().greet();
        String path = startTest(location);
        RunTest order = before.hear(MessageCase.RUN_TEST).getRunTest();

        ScriptedAgent.Stream after = agent.at(second.agentPort()).connect().greet();

        await().atMost(10, TimeUnit.SECONDS).until(() -> state(path).equals("done"));
        assertThat(owner.get(path).json().at("/outcomes/0/message").asString())
                .isEqualTo("The agent lost its connection while the test ran. Start it again.");
        // An outcome that comes all the same changes nothing any more.
        answer(after, order);
        after.say(AgentMessage.newBuilder()
                .setHeartbeat(io.postwatch.proto.agent.v1.Heartbeat.newBuilder().setNumber(1)));
        after.hear(MessageCase.HEARTBEAT_REPLY);
        assertThat(outcomes(owner, path)).containsExactly("failed");
    }

    @Test
    void aMonitorTestOfAControllerThatIsGoneEndsWithItsReason() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        String path = startTest(location);
        stream.hear(MessageCase.RUN_TEST);

        system.run(() -> jdbc.sql("UPDATE agent SET session_controller = ? WHERE agent_id = ?")
                .params(UUID.randomUUID(), agent.id().value())
                .update());

        await().atMost(10, TimeUnit.SECONDS).until(() -> state(path).equals("done"));
        assertThat(owner.get(path).json().at("/outcomes/0/message").asString())
                .isEqualTo("The controller that the agent was connected to is gone. Start the test again.");
    }

    @Test
    void anAgentThatMovesHasOneSessionAndTheEndOfTheOldOneChangesNothing() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream before = agent.connect().greet();

        ScriptedAgent.Stream after = agent.at(second.agentPort()).connect().greet();

        assertThat(before.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
        before.awaitEnd();
        assertThat(agentState(agent)).isEqualTo("online");
        assertThat(after.over()).isFalse();
        String monitor = createMonitor(null);
        Assignment assignment = after.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        after.results(1, ScriptedAgent.ok(assignment.getSeries(), 1, Instant.now()));
        after.hear(MessageCase.ACK);
        assertThat(results(monitor)).hasSize(1);
    }

    /** Before this controller has heard of the new session. */
    @Test
    void aBatchOfASessionThatWasOvertakenIsNotStored() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        stream.results(1, ScriptedAgent.ok(assignment.getSeries(), 1, Instant.now()));
        stream.hear(MessageCase.ACK);

        overtake(agent);
        stream.results(
                2, ScriptedAgent.ok(assignment.getSeries(), 1, Instant.now().minusSeconds(60)));

        stream.awaitEnd();
        assertThat(stream.all(MessageCase.ACK)).hasSize(1);
        assertThat(results(monitor)).hasSize(1);
    }

    /** The first of a lane, which has no row yet. */
    @Test
    void theFirstBatchOfASessionThatWasOvertakenIsNotStored() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);

        overtake(agent);
        stream.results(1, ScriptedAgent.ok(assignment.getSeries(), 1, Instant.now()));

        stream.awaitEnd();
        assertThat(stream.all(MessageCase.ACK)).isEmpty();
        assertThat(results(monitor)).isEmpty();
    }

    @Test
    void anAgentIsRevokedWhereverItIs() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.at(second.agentPort()).connect().greet();

        owner.post("/api/v1/agents/" + agent.id() + "/revoke", null);

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
    }

    /** As after the death of the controller that did it, between its commit and its note; the look has to do it in time. */
    @ParameterizedTest
    @CsvSource({"revoked_at, GOODBYE_REASON_REVOKED", "cloned_at, GOODBYE_REASON_CLONED"})
    void whoIsNotLetInAnyMoreGoesWithinFiveSecondsAlsoWhereTheNoteIsLost(String mark, GoodbyeReason reason) {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream here = agent.connect().greet();
        ScriptedAgent other = enrolled();
        ScriptedAgent.Stream there = other.at(second.agentPort()).connect().greet();

        system.run(() -> jdbc.sql("UPDATE agent SET " + mark + " = transaction_timestamp(), session_id = NULL,"
                        + " session_controller = NULL, session_epoch = session_epoch + 1,"
                        + " ended_at = transaction_timestamp() WHERE agent_id IN (?, ?)")
                .params(agent.id().value(), other.id().value())
                .update());

        await().atMost(5, TimeUnit.SECONDS).until(() -> here.over() && there.over());
        assertThat(here.hear(MessageCase.GOODBYE).getGoodbye().getReason()).isEqualTo(reason);
        assertThat(there.hear(MessageCase.GOODBYE).getGoodbye().getReason()).isEqualTo(reason);
    }

    @Test
    void aNewHostTakesAnAgentsPlaceWhereverTheOldOneIs() {
        ScriptedAgent old = enrolled().at(second.agentPort());
        ScriptedAgent.Stream stream = old.connect().greet();
        ScriptedAgent newcomer = newAgent();

        newcomer.enrol(owner.post("/api/v1/agents/" + old.id() + "/replacement", null)
                .json()
                .get("token")
                .asString());

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REPLACED);
        assertThat(newcomer.id()).isEqualTo(old.id());
        newcomer.connect().greet();
    }

    @Test
    void whatADatabaseThatWasSetBackHasLostIsAskedForAgain() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant now = Instant.now();
        stream.results(
                1,
                ScriptedAgent.ok(assignment.getSeries(), 1, now.minusSeconds(60)),
                ScriptedAgent.ok(assignment.getSeries(), 1, now));
        stream.hear(MessageCase.ACK);
        server.lookForLostResults();
        assertThat(stream.over()).isFalse();

        system.run(() -> jdbc.sql("UPDATE agent_lane SET acked = 1 WHERE agent_id = ?")
                .param(agent.id().value())
                .update());
        server.lookForLostResults();

        assertThat(stream.awaitEnd()).contains(Status.Code.UNAVAILABLE);
        ScriptedAgent.Stream again = agent.at(second.agentPort()).connect().greet();
        assertThat(again.hear(MessageCase.WELCOME).getWelcome().getAcked(0).getThroughSequence())
                .isOne();
        again.results(2, ScriptedAgent.ok(assignment.getSeries(), 1, now));
        assertThat(again.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(2);
        assertThat(results(monitor)).hasSize(2);
    }

    @Test
    void aSessionThatADatabaseThatWasSetBackForgotIsOpenedAnewAtOnce() {
        ScriptedAgent agent = enrolled();
        agent.connect().greet();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        system.run(
                () -> jdbc.sql("UPDATE agent SET session_id = ?, session_epoch = session_epoch - 1 WHERE agent_id = ?")
                        .params(UUID.randomUUID(), agent.id().value())
                        .update());

        // Not with the farewell of one that a newer session overtook, after which it would wait for a minute.
        assertThat(stream.awaitEnd()).contains(Status.Code.UNAVAILABLE);
        assertThat(stream.all(MessageCase.GOODBYE)).isEmpty();
        ScriptedAgent.Stream again = agent.connect().greet();
        again.hear(MessageCase.SNAPSHOT);
        assertThat(again.over()).isFalse();
    }

    private static com.google.protobuf.ByteString hash(Assignment assignment) {
        try {
            return hash(List.of(assignment));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String component(ApiClient person, String name) {
        return person.post("/api/v1/components", Map.of("name", name))
                .json()
                .get("id")
                .asString();
    }

    private String startTest(String... locations) {
        var started = owner.post(
                "/api/v1/monitor-tests",
                Map.of(
                        "monitor",
                        Map.of("type", "imap", "host", "mail.example.org", "timeoutSeconds", 30),
                        "locationIds",
                        List.of(locations)));
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        return started.header("Location");
    }

    private String state(String path) {
        return owner.get(path).json().get("state").asString();
    }

    private static List<String> outcomes(ApiClient person, String path) {
        return person.get(path)
                .json()
                .get("outcomes")
                .valueStream()
                .map((JsonNode outcome) -> outcome.get("state").asString())
                .toList();
    }

    private static void answer(ScriptedAgent.Stream stream, RunTest order) {
        stream.say(AgentMessage.newBuilder()
                .setTestOutcome(TestOutcome.newBuilder()
                        .setTestId(order.getTestId())
                        .setResult(ScriptedAgent.ok(0, 0, Instant.now()))));
    }

    /** Another controller has opened a session, and nobody here knows. */
    private void overtake(ScriptedAgent agent) {
        system.run(() -> jdbc.sql("UPDATE agent SET session_id = ?, session_epoch = session_epoch + 1,"
                        + " session_controller = ? WHERE agent_id = ?")
                .params(UUID.randomUUID(), second.id().value(), agent.id().value())
                .update());
    }
}
