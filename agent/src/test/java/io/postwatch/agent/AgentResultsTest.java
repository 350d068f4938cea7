package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Row;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.CertificateWanted;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent finds, on its way to the controller: each result once, whatever breaks. */
class AgentResultsTest extends AgentTestCase {

    @Test
    void aTriggeredRunComesBackWithItsKey() throws Exception {
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        RunResult result = awaitRows(1).getFirst().record().getResult();
        assertThat(result.getSeries()).isEqualTo(1);
        assertThat(result.getRevision()).isEqualTo(10);
        assertThat(result.getScheduledAt().getSeconds()).isEqualTo(1_700_000_000L);
        assertThat(result.getTriggered()).isTrue();
        assertThat(result.getClockSuspect()).isFalse();
        assertThat(result.getStatus()).isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_OK);
        assertThat(result.getRunId().size()).isEqualTo(16);
        assertThat(result.getCertificate().getChain(0).toByteArray())
                .isEqualTo(CERTIFICATE.fingerprint().bytes());
    }

    @Test
    void aWantedCertificateIsUploadedAndAnUnknownOneIsNot() throws Exception {
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        session.say(ControllerMessage.newBuilder()
                .setCertificateWanted(CertificateWanted.newBuilder()
                        .addFingerprints(ByteString.copyFrom(new byte[32]))
                        .addFingerprints(
                                ByteString.copyFrom(CERTIFICATE.fingerprint().bytes())))
                .build());
        assertThat(session.await(AgentMessage::hasCertificateUpload)
                        .getCertificateUpload()
                        .getCertificatesList())
                .containsExactly(ByteString.copyFrom(CERTIFICATE.der()));
    }

    @Test
    void aTestAnswersWithItsChain() throws Exception {
        start();
        Conversation session = controller.session(1);
        ByteString testId = ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        session.say(ControllerMessage.newBuilder()
                .setRunTest(RunTest.newBuilder().setTestId(testId).setCheck(aCheck()))
                .build());
        AgentMessage outcome = session.await(AgentMessage::hasTestOutcome);
        assertThat(outcome.getTestOutcome().getTestId()).isEqualTo(testId);
        assertThat(outcome.getTestOutcome().getResult().getStatus())
                .isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_OK);
        assertThat(outcome.getTestOutcome().getChainList()).containsExactly(ByteString.copyFrom(CERTIFICATE.der()));
        ByteString second = ByteString.copyFrom(new byte[16]);
        session.say(ControllerMessage.newBuilder()
                .setRunTest(RunTest.newBuilder().setTestId(second).setCheck(aCheck().setHost("no host")))
                .build());
        AgentMessage refused = session.await(message ->
                message.hasTestOutcome() && message.getTestOutcome().getTestId().equals(second));
        assertThat(refused.getTestOutcome().getResult().getStatus())
                .isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_NO_DATA);
        assertThat(controller.rows()).isEmpty();
    }

    @Test
    void whatWasStoredBeforeAConnectionBrokeIsNotSentAgainAndWhatWasLostIs() throws Exception {
        controller.ack(false);
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 5; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(5);
        controller.forget(Lane.LANE_LIVE, 3);
        controller.ack(true);
        first.breakOff();
        controller.session(2);
        List<Row> rows = awaitRows(5);
        assertThat(rows).extracting(Row::timesReceived).containsExactly(1, 1, 1, 1, 1);
        assertThat(scheduledSeconds(rows)).hasSize(5);
    }

    @Test
    void aDatabaseThatLostAckedRowsGetsThemAgain() throws Exception {
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 5; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(5);
        controller.forget(Lane.LANE_LIVE, 2);
        first.breakOff();
        assertThat(scheduledSeconds(awaitRows(5))).hasSize(5);
    }

    @Test
    void aKilledAgentGoesOnWithTheSameSpoolAndAssignmentsAndNothingIsDoubled() throws Exception {
        controller.ack(false);
        Agent agent = start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 3; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(3);
        // A copy of the files at this moment is what a kill -9 leaves.
        Path copy = copyState();
        close(agent);
        controller.ack(true);
        controller.forget(Lane.LANE_LIVE, 0);
        startOn(copy, enrolledCredentials(copy));
        Conversation second = controller.session(2);
        assertThat(second.hello().getSpoolId()).isEqualTo(first.hello().getSpoolId());
        assertThat(second.hello().getAppliedRevision()).isEqualTo(1);
        assertThat(second.hello().getAppliedHash())
                .isEqualTo(ScriptedController.hash(List.of(anAssignment(1, 10).build())));
        assertThat(second.hello().getBootId()).isNotEqualTo(first.hello().getBootId());
        trigger(second, 1, 10, 1_700_000_003L);
        List<Row> rows = awaitRows(4);
        assertThat(scheduledSeconds(rows)).hasSize(4);
        assertThat(rows).extracting(Row::timesReceived).containsOnly(1);
    }

    @Test
    void aRejectedRowIsSetAsideAndBlocksNothing() throws Exception {
        controller.ack(false);
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        session.say(ControllerMessage.newBuilder()
                .setRejectedRow(RejectedRow.newBuilder()
                        .setLane(Lane.LANE_LIVE)
                        .setSequence(1)
                        .setReason(RowRejection.ROW_REJECTION_UNKNOWN_SERIES)
                        .setMessage("Series 1 is not known."))
                .build());
        session.ack(Lane.LANE_LIVE, 1);
        controller.ack(true);
        trigger(session, 1, 10, 1_700_000_001L);
        awaitRows(2);
        session.await(message ->
                message.hasHeartbeat() && message.getHeartbeat().getLoad().getSpoolRows() == 0);
    }

    @Test
    void aControllerThatKnowsMoreThanWasSentMeetsANewNumbering() throws Exception {
        controller.ack(false);
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        trigger(first, 1, 10, 1_700_000_000L);
        awaitRows(1);
        byte[] spool = first.hello().getSpoolId().toByteArray();
        controller.forget(Lane.LANE_LIVE, 0);
        controller.pretend(spool, Lane.LANE_LIVE, 99);
        controller.ack(true);
        first.breakOff();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> controller.rows().stream()
                        .anyMatch(row -> row.record().getResult().getSeries() == 1));
        Conversation last = controller.conversations().getLast();
        assertThat(last.hello().getSpoolId().toByteArray()).isNotEqualTo(spool);
    }
}
