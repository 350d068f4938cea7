package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Hello;
import java.math.BigInteger;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The real work of sessions, on PostgreSQL. */
class SessionWorkTest extends GatewayTest implements SessionTasksContract {
    private static final Bytes NONCE = Bytes.of(new byte[32]);

    private final SessionWork work;
    private ScriptedAgent agent;
    private SeriesId series;

    SessionWorkTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired SessionWork work) {
        super(people, server, authority, system, jdbc);
        this.work = work;
    }

    @BeforeEach
    void assignAMonitor() {
        agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        createMonitor(null);
        series = new SeriesId(
                stream.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries());
        stream.cut();
        org.awaitility.Awaitility.await().until(() -> agentState(agent).equals("offline"));
    }

    @Override
    public SessionTasks tasks() {
        return work;
    }

    @Override
    public AgentPeer certificate() {
        return TestPeers.of(agent.id(), agent.chain().getFirst().getSerialNumber());
    }

    @Override
    public AgentPeer stranger() {
        return TestPeers.of(new AgentId(new UUID(1, 2)), BigInteger.TWO);
    }

    @Override
    public SeriesId series() {
        return series;
    }

    @Override
    public SessionEffect.Admit hello(AgentPeer claimed, Hello.Builder hello) {
        Hello signed = agent.hello(NONCE, claimed.certificate().agent(), 0, ByteString.EMPTY)
                .getHello();
        return new SessionEffect.Admit(
                NONCE,
                signed.toBuilder()
                        .setSpoolId(hello.getSpoolId())
                        .setAttempt(hello.getAttempt())
                        .build(),
                now());
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public int stored(SeriesId of) {
        return system.call(() -> jdbc.sql("SELECT count(*) FROM result WHERE series = ?")
                .param(of.value())
                .query(Integer.class)
                .single());
    }
}
