package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.transaction.TransactionException;

/** What must go on while everything else of a controller is busy, waits for locks, or fails. */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class BusyControllerTest extends GatewayTest {
    private final ApplicationEventPublisher events;
    private final ThreadPoolTaskScheduler upkeep;
    private final ControllerId controller;
    private final Connection outside;
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    BusyControllerTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired ApplicationEventPublisher events,
            @Autowired ThreadPoolTaskScheduler upkeep,
            @Autowired ControllerId controller,
            @Autowired Environment environment)
            throws SQLException {
        super(people, server, authority, system, jdbc);
        this.events = events;
        this.upkeep = upkeep;
        this.controller = controller;
        this.outside = DriverManager.getConnection(
                environment.getRequiredProperty("postwatch.database.url") + "?currentSchema=postwatch",
                environment.getRequiredProperty("postwatch.database.username"),
                environment.getRequiredProperty("postwatch.database.password"));
    }

    @AfterEach
    void release() throws Exception {
        released.countDown();
        outside.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void whoTellsOfAgentsThatComeAndGoWaitsForNoPlacement() throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        run(() -> system.run(() -> {
            jdbc.sql("SELECT 1 FROM location WHERE location_id = ? FOR UPDATE")
                    .param(UUID.fromString(location))
                    .query(Integer.class)
                    .single();
            locked.countDown();
            awaitRelease();
        }));
        locked.await();
        TenantId tenant = owner.tenant();
        LocationId place = new LocationId(UUID.fromString(location));
        AgentId agent = new AgentId(UUID.randomUUID());

        Thread teller = run(() -> {
            events.publishEvent(new AgentConnected(tenant, agent, place));
            events.publishEvent(new AgentLost(tenant, agent, place));
        });

        assertThat(teller.join(Duration.ofSeconds(20)))
                .as("told while the location is locked")
                .isTrue();
    }

    @Test
    void theLeaseIsRenewedWhateverElseIsBusy() throws Exception {
        for (int i = 0; i < 20; i++) {
            upkeep.execute(this::awaitRelease);
            run(this::takeConnection);
        }
        Instant before = leaseUntil();

        await().atMost(14, TimeUnit.SECONDS).until(() -> leaseUntil().isAfter(before));
    }

    @Test
    void whoIsNotListenedToHearsThatTheControllerLivesWhileAllUpkeepHangs() throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        // Of no known series: refused, and acked.
        stream.results(1, ScriptedAgent.ok(1, 1, Instant.now()));
        stream.hear(MessageCase.ACK);
        holdLanes(agent);
        CountDownLatch taken = new CountDownLatch(upkeep.getPoolSize());
        for (int i = 0; i < 20; i++) {
            upkeep.execute(() -> {
                taken.countDown();
                awaitRelease();
            });
        }
        taken.await();

        stream.results(2, ScriptedAgent.ok(1, 1, Instant.now()));
        stream.results(3, ScriptedAgent.ok(1, 1, Instant.now()));

        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> stream.all(MessageCase.ACK).size() >= 3);
        assertThat(stream.all(MessageCase.ACK))
                .allMatch(message -> message.getAck().getThroughSequence() == 1);
    }

    @Test
    void anEndThatCouldNotBeWrittenAtOnceIsWrittenWithinSeconds(CapturedOutput output) throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        execute("ALTER TABLE agent ADD CONSTRAINT refused CHECK (session_id IS NOT NULL OR agent_id <> '" + agent.id()
                + "') NOT VALID");
        try {
            stream.cut();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> output.getOut().contains("The end of a session of agent " + agent.id()));
        } finally {
            execute("ALTER TABLE agent DROP CONSTRAINT refused");
        }

        await().atMost(20, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    @Test
    void aPlacementThatFailedIsTriedAgainWithinSeconds() throws Exception {
        ScriptedAgent.Stream agent = connected();
        execute("ALTER TABLE assignment ADD CONSTRAINT refused CHECK (location_id <> '" + location + "') NOT VALID");
        try {
            createMonitor(null);
        } finally {
            execute("ALTER TABLE assignment DROP CONSTRAINT refused");
        }

        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> agent.heard().stream()
                        .anyMatch(message ->
                                message.hasDelta() && message.getDelta().getAssignedCount() == 1));
    }

    private void holdLanes(ScriptedAgent agent) throws InterruptedException {
        CountDownLatch locked = new CountDownLatch(1);
        run(() -> system.run(() -> {
            jdbc.sql("SELECT lane FROM agent_lane WHERE agent_id = ? FOR UPDATE")
                    .param(agent.id().value())
                    .query(Integer.class)
                    .list();
            locked.countDown();
            awaitRelease();
        }));
        locked.await();
    }

    private void execute(String statement) throws SQLException {
        try (Statement sql = outside.createStatement()) {
            sql.execute(statement);
        }
    }

    /** Asked past the controller, whose connections are all taken. */
    private Instant leaseUntil() throws SQLException {
        try (PreparedStatement sql =
                outside.prepareStatement("SELECT lease_until FROM controller_lease WHERE controller_id = ?")) {
            sql.setObject(1, controller.value());
            try (ResultSet row = sql.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getTimestamp(1).toInstant();
            }
        }
    }

    private Thread run(Runnable work) {
        Thread thread = Thread.ofVirtual().start(work);
        threads.add(thread);
        return thread;
    }

    private void takeConnection() {
        try {
            system.run(this::awaitRelease);
        } catch (TransactionException allAreTaken) {
            // As it is to be.
        }
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
