package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** Hellos that wait at the gate of a real gateway, by a clock in the test's hands. */
@Timeout(90)
class WaitingHelloTest extends GatewayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(59);

    private final ApplicationContext beans;
    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AgentServer> gateways = new ArrayList<>();
    private final CountDownLatch judged = new CountDownLatch(1);
    private final CountDownLatch letIn = new CountDownLatch(1);

    WaitingHelloTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired ApplicationContext beans) {
        super(people, server, authority, system, jdbc);
        this.beans = beans;
    }

    @AfterEach
    void stopGateways() {
        letIn.countDown();
        stopAgents();
        gateways.forEach(AgentServer::stop);
    }

    @Test
    void anAgentWhoseHelloWaitsHearsSoAndIsWelcomedAtItsTurn() throws InterruptedException {
        AgentServer gateway = gateway(1_000_000, 1);
        ScriptedAgent.Stream first = hello(enrolled(), gateway);
        // It has the only place, and keeps it.
        judged.await();
        ScriptedAgent.Stream second = hello(enrolled(), gateway);
        await().atMost(20, TimeUnit.SECONDS).until(() -> hellos() == 2);

        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            gateway.endSilentSessions();
            return !second.all(MessageCase.QUEUED).isEmpty();
        });
        assertThat(second.all(MessageCase.WELCOME)).isEmpty();
        assertThat(second.over()).isFalse();

        letIn.countDown();
        second.hear(MessageCase.WELCOME);
        assertThat(second.heard())
                .extracting(message -> message.getMessageCase())
                .startsWith(MessageCase.CHALLENGE, MessageCase.QUEUED)
                .containsSubsequence(MessageCase.QUEUED, MessageCase.WELCOME, MessageCase.SNAPSHOT);
        assertThatItStands(second);
        first.hear(MessageCase.WELCOME);
        assertThat(hellos()).isZero();
    }

    /** Its turn is further away than the test waits: whoever waited behind it would not be let in. */
    @Test
    void anAgentThatGaveUpInTheLineAndComesAgainDoesNotWaitForItsFirstHello() {
        letIn.countDown();
        AgentServer gateway = gateway(1, 4);
        nanos.set(Duration.ofSeconds(50).toNanos());
        hello(enrolled(), gateway).hear(MessageCase.WELCOME);
        nanos.set(0);
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream waiting = hello(agent, gateway);
        await().atMost(20, TimeUnit.SECONDS).until(() -> hellos() == 1);

        waiting.cut();
        await().atMost(20, TimeUnit.SECONDS).until(() -> hellos() == 0);
        nanos.set(PATIENCE.toNanos());
        ScriptedAgent.Stream again = hello(agent, gateway);

        assertThat(again.hear(MessageCase.WELCOME).getWelcome().getEpoch())
                .as("the first session that it ever had")
                .isOne();
        assertThat(waiting.all(MessageCase.WELCOME)).isEmpty();
        assertThatItStands(again);
    }

    private static ScriptedAgent.Stream hello(ScriptedAgent agent, AgentServer gateway) {
        ScriptedAgent.Stream stream = agent.connectTo(gateway.port());
        stream.say(stream.hello(agent.id(), 0, ByteString.EMPTY));
        return stream;
    }

    /** How many wait, or are judged. */
    private double hellos() {
        return meters.get("postwatch.gateway.hellos").gauge().value();
    }

    private AgentServer gateway(int admissionsPerSecond, int admissionsAtOnce) {
        GatewayProperties properties = new GatewayProperties(
                Duration.ofSeconds(8),
                3,
                admissionsPerSecond,
                admissionsAtOnce,
                PATIENCE,
                4,
                DataSize.ofMegabytes(64),
                Duration.ofMillis(500),
                Duration.ofMinutes(1));
        AgentServer gateway = new AnotherGateway(beans, properties, nanos::get, this::welcome, meters).start();
        gateways.add(gateway);
        return gateway;
    }

    /** Asked once for each agent that is let in, as the last thing before its welcome. */
    private Instant welcome() {
        judged.countDown();
        try {
            letIn.await();
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        }
        return Instant.now();
    }
}
