package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The shell of a session, with a stream in the test's hands and the whole controller behind it. */
class SessionCallTest extends GatewayTest {
    private static final Bytes NONCE = Bytes.of(new byte[32]);
    private static final Duration SILENCE = Duration.ofSeconds(24);

    private final SessionWork work;
    private final SessionRegistry registry;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong nanos = new AtomicLong();
    private final TestStream stream = new TestStream();
    private final List<SessionCall> calls = new ArrayList<>();

    SessionCallTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired SessionWork work,
            @Autowired SessionRegistry registry) {
        super(people, server, authority, system, jdbc);
        this.work = work;
        this.registry = registry;
    }

    @AfterEach
    void endSessions() {
        calls.forEach(call -> call.offer(new SessionInput.PeerGone()));
        threads.close();
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

    private SessionCall connect(ScriptedAgent agent) {
        NanoTicker ticker = nanos::get;
        SessionCall call = new SessionCall(
                stream,
                new AgentCertificate(agent.id(), agent.chain().getFirst().getSerialNumber()),
                work,
                registry,
                threads,
                InstantSource.system(),
                ticker,
                NONCE);
        calls.add(call);
        call.begin(NONCE);
        call.onNext(agent.hello(NONCE, agent.id(), 0, ByteString.EMPTY).build());
        stream.awaitSent(MessageCase.SNAPSHOT, 1);
        return call;
    }

    private static AgentMessage snapshotWanted() {
        return AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("a gap"))
                .build();
    }

    private static AgentMessage heartbeat() {
        return AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setNumber(1))
                .build();
    }
}
