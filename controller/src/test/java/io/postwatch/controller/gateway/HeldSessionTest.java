package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tests share that hold the stream and the clock of a session in their hands, with the whole controller behind it. */
abstract class HeldSessionTest extends GatewayTest {
    static final Duration SILENCE = Duration.ofSeconds(24);
    private static final Bytes NONCE = Bytes.of(new byte[32]);

    final SessionRegistry registry;
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final AtomicLong nanos = new AtomicLong();
    final TestStream stream = new TestStream();
    private final SessionWork work;
    private final List<SessionCall> calls = new ArrayList<>();

    HeldSessionTest(
            TestPeople people,
            AgentServer server,
            CertificateAuthority authority,
            SystemTransactions system,
            JdbcClient jdbc,
            SessionWork work,
            SessionRegistry registry) {
        super(people, server, authority, system, jdbc);
        this.work = work;
        this.registry = registry;
    }

    @AfterEach
    void endSessions() {
        calls.forEach(call -> call.offer(new SessionInput.PeerGone()));
        threads.close();
    }

    /** Until the agent was told what it is to run. */
    SessionCall connect(ScriptedAgent agent) {
        NanoTicker ticker = nanos::get;
        SessionCall call = new SessionCall(
                stream,
                TestPeers.of(agent.id(), agent.chain().getFirst().getSerialNumber()),
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

    static AgentMessage heartbeat() {
        return AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setNumber(1))
                .build();
    }
}
