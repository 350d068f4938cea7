package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Failure;
import io.postwatch.proto.agent.v1.FailureCategory;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginLease.AnswerCase;
import io.postwatch.proto.agent.v1.LoginLeaseReturned;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.PhaseTiming;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.Status;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may log in, and what becomes of a credential that is refused: from the agent's question to the API. */
class LoginLeasesTest extends GatewayTest {
    private final Instant longAgo = Instant.now().minusSeconds(5 * 3_600);
    private long sequence;

    LoginLeasesTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    private static Map<String, Object> credentials(String password) {
        return Map.of("username", "alice", "password", password);
    }

    /** As the agent was told at this revision of the monitor. */
    private static Assignment assigned(ScriptedAgent.Stream stream, String monitor, long revision) {
        ByteString id = ScriptedAgent.uuid(UUID.fromString(monitor));
        return await().atMost(10, TimeUnit.SECONDS)
                .until(
                        () -> stream.all(MessageCase.DELTA).stream()
                                .flatMap(delta -> delta.getDelta().getAssignedList().stream())
                                .filter(told -> told.getMonitorId().equals(id) && told.getRevision() == revision)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private Assignment assignedTo(ScriptedAgent.Stream stream, String password) {
        return assigned(stream, createMonitor(credentials(password)), 1);
    }

    private static LoginLease ask(ScriptedAgent.Stream stream, UUID lease, long series) {
        int heard = stream.all(MessageCase.LOGIN_LEASE).size();
        stream.say(AgentMessage.newBuilder()
                .setLoginLeaseWanted(LoginLeaseWanted.newBuilder()
                        .setLeaseId(ScriptedAgent.uuid(lease))
                        .setSeries(series)
                        .setLasting(Duration.newBuilder().setSeconds(120))));
        return stream.hear(MessageCase.LOGIN_LEASE, heard).getLoginLease();
    }

    private static void giveBack(ScriptedAgent.Stream stream, UUID lease, boolean refused) {
        stream.say(AgentMessage.newBuilder()
                .setLoginLeaseReturned(LoginLeaseReturned.newBuilder()
                        .setLeaseId(ScriptedAgent.uuid(lease))
                        .setRefused(refused)));
    }

    private void report(ScriptedAgent.Stream stream, Assignment assignment, Instant at, @Nullable FailureCode code) {
        RunResult.Builder run = ScriptedAgent.ok(assignment.getSeries(), assignment.getRevision(), at).toBuilder()
                .addPhases(PhaseTiming.newBuilder()
                        .setPhase(Phase.PHASE_AUTH)
                        .setStart(Duration.getDefaultInstance())
                        .setDuration(Duration.getDefaultInstance()));
        if (code != null) {
            run.setStatus(Status.STATUS_ERROR)
                    .setFailure(Failure.newBuilder()
                            .setCategory(FailureCategory.FAILURE_CATEGORY_AUTH)
                            .setCode(code)
                            .setPhase(Phase.PHASE_AUTH)
                            .setMessage("The server refused username or password, or the access token."));
        }
        sequence++;
        stream.results(sequence, run.build());
        long through = sequence;
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> stream.all(MessageCase.ACK).stream()
                        .anyMatch(ack -> ack.getAck().getThroughSequence() >= through));
    }

    private void refuse(ScriptedAgent.Stream stream, Assignment assignment, int hours) {
        report(stream, assignment, longAgo.plusSeconds(3_600L * hours), FailureCode.FAILURE_CODE_LOGIN_REFUSED);
    }

    private @Nullable String suspendedSince(String monitor) {
        var since = owner.get("/api/v1/monitors/" + monitor).json().at("/status/loginSuspendedSince");
        return since.isMissingNode() ? null : since.asString();
    }

    @Test
    void oneRunAtATimeLogsInToAMailboxWhicheverMonitorItIsOf() {
        ScriptedAgent.Stream stream = connected();
        Assignment one = assignedTo(stream, "right");
        Assignment other = assignedTo(stream, "other");
        assertThat(one.getCheck().getLogin().getLease()).isTrue();
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();

        LoginLease granted = ask(stream, first, one.getSeries());
        assertThat(granted.getAnswerCase()).isEqualTo(AnswerCase.GRANTED);
        assertThat(granted.getLeaseId()).isEqualTo(ScriptedAgent.uuid(first));
        assertThat(granted.getGranted().getLasts().getSeconds())
                .as("asked for 120")
                .isEqualTo(30);
        assertThat(ask(stream, second, other.getSeries()).getAnswerCase()).isEqualTo(AnswerCase.BUSY);
        assertThat(ask(stream, second, one.getSeries()).getAnswerCase()).isEqualTo(AnswerCase.BUSY);
        assertThat(ask(stream, first, one.getSeries()).getAnswerCase())
                .as("the same once more")
                .isEqualTo(AnswerCase.GRANTED);

        giveBack(stream, first, false);

        LoginLease next = ask(stream, second, other.getSeries());
        assertThat(next.getAnswerCase()).isEqualTo(AnswerCase.GRANTED);
        assertThat(next.getGranted().getCredential())
                .as("another password")
                .isNotEqualTo(granted.getGranted().getCredential());
    }

    @Test
    void aLeaseEndsWithoutWhoeverHeldIt() {
        ScriptedAgent.Stream stream = connected();
        Assignment assignment = assignedTo(stream, "right");
        assertThat(ask(stream, UUID.randomUUID(), assignment.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.GRANTED);

        int ended = system.call(
                () -> jdbc.sql("UPDATE login_lease SET lease_until = transaction_timestamp() - interval '1 second'")
                        .update());

        assertThat(ended).isPositive();
        assertThat(ask(stream, UUID.randomUUID(), assignment.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.GRANTED);
    }

    @Test
    void nobodyTriesARefusedCredentialBeforeItsResultIsStored() {
        ScriptedAgent.Stream stream = connected();
        Assignment one = assignedTo(stream, "wrong");
        Assignment same = assignedTo(stream, "wrong");
        Assignment other = assignedTo(stream, "right");
        UUID refused = UUID.randomUUID();
        assertThat(ask(stream, refused, one.getSeries()).getAnswerCase()).isEqualTo(AnswerCase.GRANTED);

        giveBack(stream, refused, true);

        assertThat(ask(stream, UUID.randomUUID(), same.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.BUSY);
        assertThat(ask(stream, UUID.randomUUID(), other.getSeries()).getAnswerCase())
                .as("another password of the same mailbox")
                .isEqualTo(AnswerCase.GRANTED);
    }

    @Test
    void whatAnAgentDoesNotRunItMayNotLogInTo() {
        ScriptedAgent.Stream stream = connected();
        long series = assignedTo(stream, "right").getSeries();

        assertThat(ask(stream, UUID.randomUUID(), series + 1).getAnswerCase()).isEqualTo(AnswerCase.BUSY);
        stream.say(AgentMessage.newBuilder()
                .setLoginLeaseWanted(LoginLeaseWanted.newBuilder().setLeaseId(ByteString.copyFromUtf8("short"))));
        assertThat(stream.hear(MessageCase.LOGIN_LEASE, 1).getLoginLease().getAnswerCase())
                .isEqualTo(AnswerCase.BUSY);
        assertThatItStands(stream);
    }

    @Test
    void aRefusedCredentialIsLeftAloneForAnHourByAllWhoHaveIt() {
        ScriptedAgent.Stream stream = connected();
        Assignment one = assignedTo(stream, "wrong");
        Assignment same = assignedTo(stream, "wrong");
        Assignment other = assignedTo(stream, "right");

        report(stream, one, Instant.now(), FailureCode.FAILURE_CODE_LOGIN_REFUSED);

        assertThat(ask(stream, UUID.randomUUID(), one.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.WITHHELD);
        assertThat(ask(stream, UUID.randomUUID(), same.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.WITHHELD);
        assertThat(ask(stream, UUID.randomUUID(), other.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.GRANTED);
    }

    @Test
    void threeRefusalsInARowSuspendUntilThePasswordIsEnteredAnew() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(credentials("wrong"));
        Assignment assignment = assigned(stream, monitor, 1);

        refuse(stream, assignment, 0);
        report(stream, assignment, longAgo.plusSeconds(60), FailureCode.FAILURE_CODE_AUTH_UNAVAILABLE);
        refuse(stream, assignment, 1);
        assertThat(suspendedSince(monitor)).isNull();
        assertThat(ask(stream, UUID.randomUUID(), assignment.getSeries()).getAnswerCase())
                .as("the hour is over")
                .isEqualTo(AnswerCase.GRANTED);
        refuse(stream, assignment, 2);

        assertThat(suspendedSince(monitor)).isNotNull();
        assertThat(ask(stream, UUID.randomUUID(), assignment.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.SUSPENDED);
        assertThat(owner.get("/api/v1/audit?act=monitor.login-suspended").text())
                .contains(monitor);

        var saved = owner.put("/api/v1/monitors/" + monitor, monitor(credentials("wrong")));
        assertThat(saved.status()).as(saved.text()).isEqualTo(200);

        assertThat(suspendedSince(monitor)).isNull();
        Assignment edited = assigned(stream, monitor, 2);
        system.run(() -> jdbc.sql("DELETE FROM login_lease").update());
        assertThat(ask(stream, UUID.randomUUID(), edited.getSeries()).getAnswerCase())
                .isEqualTo(AnswerCase.GRANTED);
    }

    @Test
    void whatOnlyAnAgentsHostKnowsIsTriedAgainOnceItsMonitorIsSaved() {
        ScriptedAgent.Stream stream = enrolled().knowing("imap-alice").connect().greet();
        Map<String, Object> login = Map.of("username", "alice", "localSecret", "imap-alice");
        String monitor = createMonitor(login);
        Assignment assignment = assigned(stream, monitor, 1);
        String same = createMonitor(login);
        String another = createMonitor(Map.of("username", "alice", "localSecret", "imap-bob"));
        for (int hour = 0; hour < 3; hour++) {
            refuse(stream, assignment, hour);
        }
        assertThat(suspendedSince(monitor)).isNotNull();
        assertThat(suspendedSince(same)).as("the same name").isNotNull();
        assertThat(suspendedSince(another)).as("another name").isNull();
        var tested = owner.post("/api/v1/monitor-tests", Map.of("monitorId", same, "monitor", monitor(login)));
        assertThat(tested.code()).as(tested.text()).isEqualTo("login-suspended");

        var saved = owner.put("/api/v1/monitors/" + same, monitor(login));

        assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        assertThat(suspendedSince(monitor)).isNull();
        assertThat(suspendedSince(same)).isNull();
    }

    @Test
    void aSuccessMakesGoodWhatWasRefusedBefore() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(credentials("right"));
        Assignment assignment = assigned(stream, monitor, 1);

        refuse(stream, assignment, 0);
        refuse(stream, assignment, 1);
        report(stream, assignment, longAgo.plusSeconds(2 * 3_600), null);
        refuse(stream, assignment, 3);

        assertThat(suspendedSince(monitor)).isNull();
    }

    @Test
    void aTestRespectsTheSuspensionUnlessSomebodyInsists() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(credentials("wrong"));
        Assignment assignment = assigned(stream, monitor, 1);
        for (int hour = 0; hour < 3; hour++) {
            refuse(stream, assignment, hour);
        }

        var refused = owner.post("/api/v1/monitor-tests", Map.of("monitorId", monitor));
        var insisted = owner.post("/api/v1/monitor-tests", Map.of("monitorId", monitor, "trySuspendedLogin", true));
        var withANewPassword = owner.post(
                "/api/v1/monitor-tests", Map.of("monitorId", monitor, "monitor", monitor(credentials("another"))));

        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("login-suspended");
        assertThat(insisted.status()).as(insisted.text()).isEqualTo(202);
        assertThat(withANewPassword.status()).as(withANewPassword.text()).isEqualTo(202);
        assertThat(owner.get("/api/v1/audit?act=monitor.suspended-login-tested")
                        .json()
                        .get("items"))
                .hasSize(1);
    }
}
