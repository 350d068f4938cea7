package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of the heartbeats of a session stands on the row of its agent. */
@DatabaseTest
class HeartbeatRowsTest extends LedgerTest {
    HeartbeatRowsTest(ScopedDatabase database) {
        super(database);
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
    void skippedRunsAreThoseOfTheLastHeartbeatAndOfThisSession() {
        ledger.record(List.of(pulse(open(hello()), 0)));
        assertThat(skippedRuns()).isEqualTo("4 of 9");
        open(hello());
        assertThat(skippedRuns()).as("a new session counts anew").isEqualTo("0 of 0");
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

    private Instant lastSeen() {
        return world.database
                .superuser()
                .sql("SELECT last_seen_at FROM agent WHERE agent_id = ?")
                .param(agent.agent().value())
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant();
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
}
