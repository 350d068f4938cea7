package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever writes many agents at once takes them in one order, so that two never wait for each other in a circle. */
@Timeout(60)
@DatabaseTest
class LockOrderTest {
    private final LivenessWorld world;
    private final TenantId tenant;
    private final LocationId location;
    private final ControllerId controller = new ControllerId(UUID.randomUUID());
    private final SessionLedger ledger;
    private final AgentSession first;
    private final AgentSession second;
    private final CountDownLatch released = new CountDownLatch(1);
    /** The backend that holds the first. */
    private final AtomicInteger holding = new AtomicInteger();

    LockOrderTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Oslo");
        ledger = world.newLedger(controller);
        AgentSession one = open();
        world.clock.advance(Duration.ofSeconds(1));
        AgentSession other = open();
        boolean ordered = one.agent().value().compareTo(other.agent().value()) < 0;
        first = ordered ? one : other;
        second = ordered ? other : one;
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    void heartbeats() throws InterruptedException {
        takesTheFirstFirst(() -> ledger.record(List.of(pulse(second), pulse(first))));
    }

    @Test
    void sessionsOfADeadController() throws InterruptedException {
        takesTheFirstFirst(() -> ledger.closeSessionsOf(Set.of(controller.value())));
    }

    @Test
    void abandonedSessions() throws InterruptedException {
        world.clock.advance(Duration.ofMinutes(1));
        takesTheFirstFirst(() -> ledger.closeAbandoned(List.of(), Duration.ofSeconds(24)));
    }

    /** It waits for the first and has not taken the second, whose row was written last and comes last in the table. */
    private void takesTheFirstFirst(Runnable writing) throws InterruptedException {
        // The first's row moves behind the second's, so that the order of the table is the wrong one.
        world.database
                .superuser()
                .sql("UPDATE agent SET os = 'moved' WHERE agent_id = ?")
                .param(first.agent().value())
                .update();
        CountDownLatch locked = new CountDownLatch(1);
        Thread holder = Thread.ofVirtual()
                .start(() -> world.database.system().run(() -> {
                    lock(first.agent(), "");
                    holding.set(world.database
                            .jdbc()
                            .sql("SELECT pg_backend_pid()")
                            .query(Integer.class)
                            .single());
                    locked.countDown();
                    awaitRelease();
                }));
        locked.await();
        Thread writer = Thread.ofVirtual().start(writing);
        await().until(this::writerWaits);

        assertThat(world.database.system().call(() -> lock(second.agent(), "SKIP LOCKED")))
                .as("the second is free")
                .isOne();
        released.countDown();
        holder.join();
        writer.join();
    }

    private int lock(AgentId agent, String otherwise) {
        return world.database
                .jdbc()
                .sql("SELECT 1 FROM agent WHERE agent_id = ? FOR UPDATE " + otherwise)
                .param(agent.value())
                .query(Integer.class)
                .list()
                .size();
    }

    /** Nobody but the writer wants what is held. */
    private boolean writerWaits() {
        return world.database
                        .superuser()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid))")
                        .param(holding.get())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AgentSession open() {
        TestAgentKeys keys = new TestAgentKeys();
        Enrolment.Answer.Enrolled agent = world.enrol(keys, tenant, location);
        return ((Admitted) ledger.open(world.hello(keys, agent.agent(), agent.certificate()))).session();
    }

    private AgentPulse pulse(AgentSession session) {
        return new AgentPulse(
                session,
                world.clock.instant(),
                Duration.ZERO,
                0,
                new RecentLoad(1.5, Duration.ofMillis(3), 4, 9),
                1,
                2,
                List.of());
    }
}
