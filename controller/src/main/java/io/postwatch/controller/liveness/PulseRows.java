package io.postwatch.controller.liveness;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What heartbeats tell, on the agents' rows. Part of the caller's system transaction. */
final class PulseRows {
    private PulseRows() {}

    /** Held in the order of their ids, as by everybody who writes many: so two never wait for each other in a circle. */
    static void write(JdbcClient jdbc, List<AgentPulse> all, Instant now) {
        jdbc.sql("""
                WITH told AS MATERIALIZED (
                    SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                        ?::real[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::text[]) AS p (
                        tenant_id, agent_id, epoch, seen_at, clock_offset_millis, spool_rows, runs_per_minute,
                        schedule_lag_micros, skipped_last_minute, skipped_in_session, resident_bytes, assignments,
                        blocked_ports)),
                held AS MATERIALIZED (
                    SELECT a.tenant_id, a.agent_id FROM told
                    JOIN agent a ON a.tenant_id = told.tenant_id AND a.agent_id = told.agent_id
                    ORDER BY a.agent_id FOR NO KEY UPDATE OF a)
                UPDATE agent a SET last_seen_at = least(greatest(a.last_seen_at, p.seen_at), ?),
                    clock_offset_millis = p.clock_offset_millis, spool_rows = p.spool_rows,
                    runs_per_minute = p.runs_per_minute, schedule_lag_micros = p.schedule_lag_micros,
                    skipped_last_minute = p.skipped_last_minute, skipped_in_session = p.skipped_in_session,
                    resident_bytes = p.resident_bytes, assignments = p.assignments,
                    blocked_ports = p.blocked_ports::integer[]
                FROM held h JOIN told p ON p.tenant_id = h.tenant_id AND p.agent_id = h.agent_id
                WHERE a.tenant_id = h.tenant_id AND a.agent_id = h.agent_id AND a.tenant_id = p.tenant_id AND a.agent_id = p.agent_id AND a.session_epoch = p.epoch
                """)
                .params(
                        all.stream().map(p -> p.session().tenant().value()).toArray(UUID[]::new),
                        all.stream().map(p -> p.session().agent().value()).toArray(UUID[]::new),
                        all.stream().map(p -> p.session().epoch()).toArray(Long[]::new),
                        all.stream().map(p -> Timestamp.from(p.seenAt())).toArray(Timestamp[]::new),
                        all.stream().map(p -> p.clockOffset().toMillis()).toArray(Long[]::new),
                        all.stream().map(AgentPulse::spoolRows).toArray(Long[]::new),
                        all.stream()
                                .map(p -> (float) p.recent().runsPerMinute())
                                .toArray(Float[]::new),
                        all.stream()
                                .map(p -> p.recent().scheduleLag().toNanos() / 1000)
                                .toArray(Long[]::new),
                        all.stream().map(p -> p.recent().skippedRuns()).toArray(Long[]::new),
                        all.stream().map(p -> p.recent().skippedInSession()).toArray(Long[]::new),
                        all.stream().map(AgentPulse::residentBytes).toArray(Long[]::new),
                        all.stream().map(AgentPulse::assignments).toArray(Integer[]::new),
                        all.stream().map(PulseRows::blockedPorts).toArray(String[]::new),
                        // Never in the future, where another controller's clock was.
                        Timestamp.from(now))
                .update();
    }

    /** As the database writes an array: arrays in an array would have to be of one length. */
    private static String blockedPorts(AgentPulse pulse) {
        return pulse.blockedPorts().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }
}
