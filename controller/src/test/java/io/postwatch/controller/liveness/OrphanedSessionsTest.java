package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** Sessions that nobody holds any more: their controller is dead, or could not write their end. */
@DatabaseTest
class OrphanedSessionsTest extends LedgerTest {
    OrphanedSessionsTest(ScopedDatabase database) {
        super(database);
    }

    @Test
    void sessionsOfADeadControllerEndAfterAMinute() {
        ControllerId dead = new ControllerId(UUID.randomUUID());
        SessionLedger deadLedger = world.newLedger(dead);
        world.newLease(dead).renew();
        deadLedger.open(hello());
        OrphanedSessions watch = world.newWatch(ledger);
        watch.look();
        assertThat(connected()).as("while its lease stands").isTrue();

        world.newLease(dead).release();
        watch.look();
        lookFor(watch, Duration.ofSeconds(55));
        assertThat(connected()).as("in its minute of grace").isTrue();
        lookFor(watch, Duration.ofSeconds(5));

        assertThat(connected()).isFalse();
        assertThat(world.events).contains(new AgentLost(tenant, agent.agent(), location));
    }

    @Test
    void theEndOfAControllerIsToldOnceAsSoonAsItIsSeen() {
        ControllerId other = new ControllerId(UUID.randomUUID());
        world.newLease(other).renew();
        OrphanedSessions watch = world.newWatch(ledger);
        watch.look();
        assertThat(world.events).doesNotContain(new ControllerEnded(other));

        world.newLease(other).release();
        watch.look();
        watch.look();
        assertThat(world.events)
                .as("also where it has no session any more")
                .containsOnlyOnce(new ControllerEnded(other));

        world.newLease(other).renew();
        watch.look();
        world.newLease(other).release();
        watch.look();
        assertThat(world.events.stream().filter(new ControllerEnded(other)::equals))
                .as("it lived in between")
                .hasSize(2);
    }

    @Test
    void timeInWhichNoControllerCouldLookIsNotHeldAgainstAgents() {
        ControllerId dead = new ControllerId(UUID.randomUUID());
        SessionLedger deadLedger = world.newLedger(dead);
        world.newLease(dead).renew();
        deadLedger.open(hello());
        world.newLease(dead).release();
        OrphanedSessions watch = world.newWatch(ledger);
        watch.look();

        world.nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        watch.look();
        assertThat(connected()).as("the database was away for ten minutes").isTrue();
        lookFor(watch, Duration.ofSeconds(60));

        assertThat(connected()).isFalse();
    }

    @Test
    void aControllerThatLivesAgainKeepsItsSessions() {
        ControllerId paused = new ControllerId(UUID.randomUUID());
        SessionLedger its = world.newLedger(paused);
        its.open(hello());
        world.newLease(paused).renew();

        ledger.closeSessionsOf(Set.of(paused.value()));

        assertThat(connected())
                .as("it was seen dead, and has renewed its lease since")
                .isTrue();
        world.newLease(paused).release();
        ledger.closeSessionsOf(Set.of(paused.value()));
        assertThat(connected()).isFalse();
    }

    @Test
    void aSessionWhoseEndCouldNotBeWrittenIsClosedOnceItIsSilent() {
        AgentSession session = open(hello());
        refuseToClose();
        assertThatThrownBy(() -> ledger.close(session, true)).isInstanceOf(DataAccessException.class);
        letClose();
        assertThat(connected()).isTrue();

        world.clock.advance(SILENCE);
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isZero();
        assertThat(connected()).as("not silent for long enough").isTrue();
        world.clock.advance(Duration.ofMillis(1));

        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isOne();
        assertThat(connected()).isFalse();
        assertThat(world.events).containsOnlyOnce(new AgentLost(tenant, agent.agent(), location));
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isZero();
    }

    @Test
    void aSilentSessionThatIsHeldOrAnotherControllersIsNotAbandoned() {
        AgentSession overtaken = open(hello());
        AgentSession held = open(hello());
        world.clock.advance(SILENCE.multipliedBy(2));

        assertThat(ledger.closeAbandoned(List.of(held), SILENCE)).isZero();
        assertThat(world.newLedger(new ControllerId(UUID.randomUUID())).closeAbandoned(List.of(), SILENCE))
                .isZero();
        assertThat(connected()).isTrue();
        assertThat(ledger.closeAbandoned(List.of(overtaken), SILENCE)).isOne();
    }

    @Test
    void aSessionThatWasSeenInTheFutureIsAbandonedAllTheSame() {
        world.clock.advance(Duration.ofHours(2));
        open(hello());
        world.clock.advance(Duration.ofHours(-2));
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isOne();
        assertThat(connected()).isFalse();
    }

    /** As often as a controller does. */
    private void lookFor(OrphanedSessions watch, Duration length) {
        for (int second = 5; second <= length.toSeconds(); second += 5) {
            world.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            watch.look();
        }
    }

    /** The database refuses to write the end of a session, as one whose disk is full. */
    private void refuseToClose() {
        world.database.superuser().sql("""
                ALTER TABLE agent ADD CONSTRAINT disk_is_full CHECK (session_id IS NOT NULL OR session_epoch = 0)
                    NOT VALID
                """).update();
    }

    private void letClose() {
        world.database
                .superuser()
                .sql("ALTER TABLE agent DROP CONSTRAINT disk_is_full")
                .update();
    }
}
