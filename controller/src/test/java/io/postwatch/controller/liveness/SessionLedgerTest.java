package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.liveness.Admission.Refused;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

@DatabaseTest
class SessionLedgerTest {
    private static final Duration SILENCE = Duration.ofSeconds(24);

    private final LivenessWorld world;
    private final TenantId tenant;
    private final LocationId location;
    private final SessionLedger ledger;
    private final TestAgentKeys keys = new TestAgentKeys();
    private final Enrolment.Answer.Enrolled agent;

    SessionLedgerTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Oslo");
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
        agent = world.enrol(keys, tenant, location);
    }

    @Test
    void theNewestSessionCountsAndTheEndOfAnOlderOneChangesNothing() {
        AgentSession first = open(hello());
        AgentSession second = open(hello());

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(ledger.close(first, true)).isFalse();
        assertThat(connected()).isTrue();
        assertThat(ledger.close(second, true)).isTrue();
        assertThat(connected()).isFalse();
        assertThat(world.events).contains(new AgentLost(tenant, agent.agent(), location));
    }

    @Test
    void anOlderHelloOfTheSameProcessIsRefusedWhileALaterOneStands() {
        Bytes boot = Bytes.of(new UUID(1, 1));
        AgentSession standing = open(hello(boot, 5));

        assertThat(ledger.open(hello(boot, 4)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Admission.Reason.OVERTAKEN));
        assertThat(ledger.close(standing, true)).as("it still counts").isTrue();
    }

    @Test
    void aProcessThatWasStartedAnewCountsItsHellosAnew() {
        open(hello(Bytes.of(new UUID(1, 1)), 5));
        AgentSession restarted = open(hello(Bytes.of(new UUID(1, 2)), 1));
        open(hello(Bytes.of(new UUID(1, 2)), 1));
        assertThat(ledger.close(restarted, true)).isFalse();
    }

    @Test
    void whereNoSessionStandsAnOlderHelloIsLetIn() {
        Bytes boot = Bytes.of(new UUID(1, 1));
        ledger.close(open(hello(boot, 5)), true);
        // As a process that was set back with its machine.
        open(hello(boot, 2));
        assertThat(connected()).isTrue();
    }

    @Test
    void anotherAgentsCertificateIsRefused() {
        var other = world.enrol(new TestAgentKeys(), tenant, location);
        SessionRequest good = hello();
        SessionRequest foreign = new SessionRequest(
                new AgentCertificate(other.agent(), other.certificate().serial()),
                good.claimed(),
                good.nonce(),
                good.signature(),
                good.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.facts(),
                good.clockOffset());

        assertThat(ledger.open(foreign)).isInstanceOf(Refused.class);
    }

    @Test
    void aHelloSignedOverAnotherNonceIsRefused() {
        SessionRequest good = hello();
        SessionRequest replayed = new SessionRequest(
                good.certificate(),
                good.claimed(),
                Bytes.of(new byte[] {1, 2, 3}),
                good.signature(),
                good.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.facts(),
                good.clockOffset());

        assertThat(ledger.open(replayed)).isInstanceOf(Refused.class);
    }

    @Test
    void bothSlotsLetInUntilTheNewCertificateWasUsed() {
        open(hello());
        IssuedCertificate renewed = world.renewal
                .renew(keys.renewal(agent.agent(), world.challenges.issue()))
                .orElseThrow();

        open(hello());
        open(world.hello(keys, agent.agent(), renewed));

        assertThat(ledger.open(hello()))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.message()).contains("replaced"));
    }

    @Test
    void aNewSealingKeyIsNoticed() {
        SessionRequest good = hello();
        TestAgentKeys fresh = new TestAgentKeys();
        SessionRequest resealed = new SessionRequest(
                good.certificate(),
                good.claimed(),
                good.nonce(),
                keys.sign(
                        "postwatch-hello-v1",
                        good.nonce(),
                        Bytes.of(good.claimed().value()),
                        fresh.sealingKey(),
                        good.bootId()),
                fresh.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.facts(),
                good.clockOffset());

        assertThat(((Admitted) ledger.open(good)).newSealingKey()).isFalse();
        assertThat(((Admitted) ledger.open(resealed)).newSealingKey()).isTrue();
    }

    @Test
    void theHeartbeatsOfASessionThatWasOvertakenChangeNothing() {
        AgentSession first = open(hello());
        AgentSession second = open(hello());

        ledger.record(List.of(pulse(second, 7)));
        ledger.record(List.of(pulse(first, 1)));

        assertThat(spoolRows()).isEqualTo(7);
    }

    @Test
    void theBlockedPortsAreThoseOfTheLastHeartbeat() {
        AgentSession session = open(hello());
        ledger.record(List.of(pulse(session, 0, List.of(25, 587))));
        assertThat(blockedPorts()).isEqualTo("{25,587}");
        ledger.record(List.of(pulse(session, 0, List.of())));
        assertThat(blockedPorts()).isEqualTo("{}");
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
    void theLastTimesThatAnAgentWentAreKnown() {
        ledger.close(open(hello()), true);
        world.clock.advance(Duration.ofMinutes(1));
        open(hello());
        ledger.close(open(hello()), true);
        assertThat(losses()).as("a session that was overtaken is no loss").hasSize(2);
        world.clock.advance(Duration.ofMinutes(1));
        ledger.close(open(hello()), true);
        world.clock.advance(Duration.ofMinutes(1));
        ledger.close(open(hello()), true);

        assertThat(losses())
                .as("the last three")
                .hasSize(3)
                .startsWith(world.clock.instant())
                .doesNotContain(world.clock.instant().minus(Duration.ofMinutes(3)));
    }

    @Test
    void whatEndsASessionThroughNoFaultOfTheAgentIsNoLossOfIts() {
        ledger.close(open(hello()), false);
        open(hello());
        world.clock.advance(SILENCE.plusSeconds(1));
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isOne();
        ControllerId dead = new ControllerId(UUID.randomUUID());
        world.newLedger(dead).open(hello());
        ledger.closeSessionsOf(Set.of(dead.value()));
        assertThat(connected()).isFalse();

        assertThat(losses()).isEmpty();
    }

    private List<Instant> losses() {
        return world.database
                .tenants()
                .call(
                        tenant,
                        () -> world.agents
                                .find(tenant, agent.agent())
                                .orElseThrow()
                                .lostAt());
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

    /** As often as a controller does. */
    private void lookFor(OrphanedSessions watch, Duration length) {
        for (int second = 5; second <= length.toSeconds(); second += 5) {
            world.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            watch.look();
        }
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
    void anAgentIsNeverSeenInTheFutureWhateverAClockOnceSaid() {
        AgentSession session = open(hello());
        world.clock.advance(Duration.ofHours(2));
        ledger.record(List.of(pulse(session, 1)));
        world.clock.advance(Duration.ofHours(-2));

        ledger.record(List.of(pulse(session, 2)));
        assertThat(lastSeen()).isEqualTo(world.clock.instant());
        world.clock.advance(Duration.ofSeconds(8));
        ledger.record(List.of(pulse(session, 3)));
        assertThat(lastSeen()).isEqualTo(world.clock.instant());
    }

    @Test
    void aSessionThatWasSeenInTheFutureIsAbandonedAllTheSame() {
        world.clock.advance(Duration.ofHours(2));
        open(hello());
        world.clock.advance(Duration.ofHours(-2));
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isOne();
        assertThat(connected()).isFalse();
    }

    private Instant lastSeen() {
        return world.database
                .superuser()
                .sql("SELECT last_seen_at FROM agent WHERE agent_id = ?")
                .param(agent.agent().value())
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant();
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

    private SessionRequest hello() {
        return world.hello(keys, agent.agent(), agent.certificate());
    }

    private SessionRequest hello(Bytes boot, long attempt) {
        return world.hello(keys, agent.agent(), agent.certificate(), boot, attempt);
    }

    private AgentSession open(SessionRequest request) {
        Admission admission = ledger.open(request);
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).session();
    }

    private AgentPulse pulse(AgentSession session, long spoolRows) {
        return pulse(session, spoolRows, List.of());
    }

    private AgentPulse pulse(AgentSession session, long spoolRows, List<Integer> blockedPorts) {
        return new AgentPulse(
                session,
                world.clock.instant(),
                Duration.ZERO,
                spoolRows,
                new RecentLoad(1.5, Duration.ofMillis(3), 4, 9),
                1,
                2,
                blockedPorts);
    }

    @Test
    void skippedRunsAreThoseOfTheLastHeartbeatAndOfThisSession() {
        ledger.record(List.of(pulse(open(hello()), 0)));
        assertThat(skippedRuns()).isEqualTo("4 of 9");
        open(hello());
        assertThat(skippedRuns()).as("a new session counts anew").isEqualTo("0 of 0");
    }

    private String skippedRuns() {
        return world.database
                .superuser()
                .sql("SELECT skipped_last_minute || ' of ' || skipped_in_session FROM agent WHERE agent_id = ?")
                .param(agent.agent().value())
                .query(String.class)
                .single();
    }

    private String blockedPorts() {
        return world.database
                .superuser()
                .sql("SELECT blocked_ports::text FROM agent WHERE agent_id = ?")
                .param(agent.agent().value())
                .query(String.class)
                .single();
    }

    private long spoolRows() {
        return world.database
                .superuser()
                .sql("SELECT spool_rows FROM agent WHERE agent_id = ?")
                .param(agent.agent().value())
                .query(Long.class)
                .single();
    }

    private boolean connected() {
        return world.database
                .tenants()
                .call(
                        tenant,
                        () -> world.agents
                                .find(tenant, agent.agent())
                                .orElseThrow()
                                .connected());
    }
}
