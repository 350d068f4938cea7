package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.fleet.LocationState;
import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.LocationFellSilent;
import io.postwatch.controller.fleet.news.LocationHeardAgain;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@DatabaseTest
class SilentLocationsTest {
    private final LivenessWorld world;
    private final TenantId tenant;
    private final LocationId location;
    private final SessionLedger ledger;
    private final Member one = new Member();
    private final Member other = new Member();
    private SilentLocations silent;

    SilentLocationsTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Oslo");
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
        silent = newWatch();
    }

    private SilentLocations newWatch() {
        return new SilentLocations(world.database.system(), world.database.jdbc(), world.ticker, world.publisher());
    }

    @Test
    void aLocationIsSilentOnceNoneOfItsAgentsWasHeardOfForAWhile() {
        AgentSession first = one.open();
        Instant lastHeard = world.clock.instant().plusSeconds(30);
        world.clock.advance(Duration.ofSeconds(30));
        AgentSession second = other.open();

        ledger.close(first, true);
        watch(Duration.ofMinutes(1));
        assertThat(state()).as("the other one reports").isEqualTo(LocationState.ONLINE);

        world.clock.advance(Duration.ofMinutes(1));
        ledger.close(second, true);
        watch(Duration.ofSeconds(15));
        assertThat(state()).as("it may come back at once").isEqualTo(LocationState.ONLINE);
        assertThat(world.events).doesNotHaveAnyElementsOfTypes(LocationFellSilent.class);
        watch(Duration.ofSeconds(10));

        assertThat(state()).isEqualTo(LocationState.SILENT);
        assertThat(silentSince()).isEqualTo(lastHeard);
        watch(Duration.ofMinutes(2));
        assertThat(world.events).containsOnlyOnce(new LocationFellSilent(tenant, location, lastHeard));
    }

    @Test
    void anAgentThatConnectsEndsTheSilenceAtOnce() {
        ledger.close(one.open(), true);
        watch(Duration.ofSeconds(25));
        assertThat(state()).isEqualTo(LocationState.SILENT);

        one.open();
        silent.on(new AgentConnected(tenant, one.id(), location));

        assertThat(state()).isEqualTo(LocationState.ONLINE);
        assertThat(silentSince()).isNull();
        assertThat(world.events).containsOnlyOnce(new LocationHeardAgain(tenant, location));
    }

    @Test
    void whoTellsThatAnAgentHasConnectedWaitsForNoPlacement() throws InterruptedException {
        ledger.close(one.open(), true);
        watch(Duration.ofSeconds(25));
        one.open();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Thread placement = Thread.ofVirtual()
                .start(() -> world.database.system().run(() -> {
                    lockLocation();
                    locked.countDown();
                    awaitEnd(released);
                }));
        locked.await();

        Thread session = Thread.ofVirtual().start(() -> silent.on(new AgentConnected(tenant, one.id(), location)));
        await().until(() -> !session.isAlive() || somebodyWaits());
        boolean waits = somebodyWaits();
        released.countDown();
        placement.join();
        session.join();

        assertThat(waits).isFalse();
        watch(Duration.ofSeconds(5));
        assertThat(silentSince()).as("the next look ends it").isNull();
    }

    private void lockLocation() {
        world.database
                .jdbc()
                .sql("SELECT 1 FROM location WHERE location_id = ? FOR UPDATE")
                .param(location.value())
                .query(Integer.class)
                .single();
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing else runs in this test's database. */
    private boolean somebodyWaits() {
        return world.database
                        .superuser()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND cardinality(pg_blocking_pids(pid)) > 0")
                        .query(Integer.class)
                        .single()
                > 0;
    }

    @Test
    void anAgentThatCameToAnotherControllerEndsItWithTheNextLook() {
        ledger.close(one.open(), true);
        watch(Duration.ofSeconds(25));

        one.open();
        assertThat(state()).as("whoever is connected counts").isEqualTo(LocationState.ONLINE);
        watch(Duration.ofSeconds(5));

        assertThat(silentSince()).isNull();
        assertThat(world.events).containsOnlyOnce(new LocationHeardAgain(tenant, location));
    }

    @Test
    void oneOfSeveralControllersTellsOfIt() {
        SilentLocations here = silent;
        SilentLocations there = newWatch();
        ledger.close(one.open(), true);
        for (int second = 0; second < 60; second += 5) {
            here.look();
            there.look();
            world.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        }

        assertThat(world.events.stream().filter(LocationFellSilent.class::isInstance))
                .hasSize(1);
    }

    @Test
    void timeInWhichNobodyCouldLookDoesNotCount() {
        ledger.close(one.open(), true);
        watch(Duration.ofSeconds(5));
        world.nanos.addAndGet(Duration.ofHours(3).toNanos());
        watch(Duration.ofSeconds(5));

        assertThat(state()).as("the controllers were down").isEqualTo(LocationState.ONLINE);
    }

    @Test
    void anAgentThatNeverConnectedIsNotMissed() {
        one.id();
        watch(Duration.ofMinutes(2));

        assertThat(state()).isEqualTo(LocationState.NEVER_CONNECTED);
        assertThat(world.events).doesNotHaveAnyElementsOfTypes(LocationFellSilent.class);
    }

    @Test
    void nobodyExpectsToHearOfAnAgentInMaintenance() {
        AgentSession first = one.open();
        ledger.close(other.open(), true);
        drain(one.id(), true);
        watch(Duration.ofSeconds(25));
        assertThat(state()).as("the other one is lost").isEqualTo(LocationState.SILENT);
        silent.on(new AgentConnected(tenant, one.id(), location));
        assertThat(state()).as("it connects, but runs nothing").isEqualTo(LocationState.SILENT);

        drain(other.id(), true);
        ledger.close(first, true);
        watch(Duration.ofMinutes(1));

        assertThat(state()).isEqualTo(LocationState.IN_MAINTENANCE);
        assertThat(silentSince()).isNull();
    }

    @Test
    void theStateIsNobodyElsesBusiness() {
        TenantId stranger = world.database.newTenant();

        assertThat(world.database.tenants().call(stranger, () -> world.pools.visibleTo(stranger)))
                .doesNotContainKey(location);
    }

    /** As often as a controller looks. */
    private void watch(Duration length) {
        silent.look();
        for (int second = 5; second <= length.toSeconds(); second += 5) {
            world.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            silent.look();
        }
    }

    private LocationState state() {
        return world.database
                .tenants()
                .call(
                        tenant,
                        () -> Objects.requireNonNull(
                                        world.pools.visibleTo(tenant).get(location))
                                .state());
    }

    private @Nullable Instant silentSince() {
        return world.database
                .tenants()
                .call(
                        tenant,
                        () -> Objects.requireNonNull(
                                        world.pools.visibleTo(tenant).get(location))
                                .silentSince());
    }

    private void drain(AgentId agent, boolean drained) {
        world.database
                .superuser()
                .sql("UPDATE agent SET maintenance_since = CASE WHEN ? THEN now() END WHERE agent_id = ?")
                .params(drained, agent.value())
                .update();
    }

    /** An agent of the location. */
    private final class Member {
        private final TestAgentKeys keys = new TestAgentKeys();
        private Enrolment.Answer.@Nullable Enrolled enrolled;

        AgentId id() {
            return enrolled().agent();
        }

        AgentSession open() {
            Admission admission = ledger.open(world.hello(keys, id(), enrolled().certificate()));
            assertThat(admission).isInstanceOf(Admission.Admitted.class);
            return ((Admission.Admitted) admission).session();
        }

        private Enrolment.Answer.Enrolled enrolled() {
            if (enrolled == null) {
                enrolled = world.enrol(keys, tenant, location);
            }
            return enrolled;
        }
    }
}
