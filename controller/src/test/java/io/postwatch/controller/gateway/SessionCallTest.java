package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The shell of a session, with a stream in the test's hands and the whole controller behind it. */
class SessionCallTest extends HeldSessionTest {
    SessionCallTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired SessionWork work,
            @Autowired SessionRegistry registry) {
        super(people, server, authority, system, jdbc, work, registry);
    }

    @Test
    void anErrorEndsTheSessionAndTheAgentIsGone() {
        ScriptedAgent agent = enrolled();
        SessionCall call = connect(agent);
        assertThat(agentState(agent)).isEqualTo("online");
        stream.failWith(new OutOfMemoryError("no room for one message"));

        call.onNext(heartbeat());

        assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.INTERNAL);
        await().atMost(5, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
        assertThat(registry.session(agent.id()).isPresent()).isFalse();
    }

    @Test
    void anAgentThatAsksAndDoesNotReadIsNotListenedTo() {
        SessionCall call = connect(enrolled());
        await().atMost(5, TimeUnit.SECONDS).until(() -> stream.asked.get() == 2);
        stream.ready(false);

        call.onNext(snapshotWanted());
        call.onNext(heartbeat());
        createMonitor(null);

        await().during(300, TimeUnit.MILLISECONDS)
                .until(() -> stream.asked.get() == 2 && stream.count(MessageCase.SNAPSHOT) == 1);
        stream.ready(true);
        stream.awaitSent(MessageCase.SNAPSHOT, 2);
        stream.awaitSent(MessageCase.HEARTBEAT_REPLY, 1);
        await().atMost(5, TimeUnit.SECONDS).until(() -> stream.asked.get() == 3);
        call.onNext(heartbeat());
        stream.awaitSent(MessageCase.HEARTBEAT_REPLY, 2);
    }

    @Test
    void anAgentThatReadsNothingIsSilentAndItsSnapshotIsForgotten() {
        ScriptedAgent agent = enrolled();
        SessionCall call = connect(agent);
        stream.ready(false);
        call.onNext(snapshotWanted());
        assertThat(call.isSilentFor(SILENCE)).isFalse();

        await().atMost(5, TimeUnit.SECONDS).until(() -> {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            return call.isSilentFor(SILENCE);
        });
        call.offer(new SessionInput.Silent());

        assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.count(MessageCase.SNAPSHOT)).isOne();
        await().atMost(5, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    @Test
    void theReasonOfTheEndIsToldEvenWhereThereIsNoRoom() {
        ScriptedAgent agent = enrolled();
        connect(agent);
        stream.ready(false);

        registry.revoked(agent.id());

        assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.OK);
        assertThat(stream.count(MessageCase.GOODBYE)).isOne();
    }

    private static AgentMessage snapshotWanted() {
        return AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("a gap"))
                .build();
    }
}
