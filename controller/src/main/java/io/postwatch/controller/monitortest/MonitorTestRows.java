package io.postwatch.controller.monitortest;

import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.MonitorTestId;
import io.postwatch.controller.shared.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Monitor tests as rows. Every method is part of the caller's transaction. */
@Component
class MonitorTestRows {
    static final int PER_MINUTE = 10;

    private final JdbcClient jdbc;

    MonitorTestRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Counts a test of the tenant; false where it had its share of the minute. Two at once wait for each other here. */
    boolean takeAllowance(TenantId tenant, Instant now) {
        Timestamp minuteAgo = Timestamp.from(now.minus(Duration.ofMinutes(1)));
        return jdbc.sql("""
                INSERT INTO monitor_test_allowance AS a (tenant_id, minute_began_at, used) VALUES (?, ?, 1)
                ON CONFLICT (tenant_id) DO UPDATE SET
                    used = CASE WHEN a.minute_began_at <= ? THEN 1 ELSE a.used + 1 END,
                    minute_began_at =
                        CASE WHEN a.minute_began_at <= ? THEN excluded.minute_began_at ELSE a.minute_began_at END
                WHERE a.minute_began_at <= ? OR a.used < ?
                """)
                        .params(tenant.value(), Timestamp.from(now), minuteAgo, minuteAgo, minuteAgo, PER_MINUTE)
                        .update()
                == 1;
    }

    void insert(TenantId tenant, MonitorTestId test, @Nullable MonitorId monitor, Instant now, Instant expiresAt) {
        jdbc.sql("""
                INSERT INTO monitor_test (tenant_id, test_id, monitor_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
                """)
                .param(tenant.value())
                .param(test.value())
                .param(monitor == null ? null : monitor.value())
                .param(Timestamp.from(now))
                .param(Timestamp.from(expiresAt))
                .update();
    }

    void insertFailed(TenantId tenant, MonitorTestId test, Location location, String message, Instant now) {
        insert(tenant, test, location, null, OutcomeState.FAILED, message, null, now);
    }

    void insertWaiting(
            TenantId tenant, MonitorTestId test, Location location, AgentId agent, byte[] order, Instant deadline) {
        insert(tenant, test, location, agent, OutcomeState.WAITING, null, order, deadline);
    }

    private void insert(
            TenantId tenant,
            MonitorTestId test,
            Location location,
            @Nullable AgentId agent,
            OutcomeState state,
            @Nullable String message,
            byte @Nullable [] order,
            Instant deadline) {
        jdbc.sql("""
                INSERT INTO monitor_test_outcome (tenant_id, test_id, location_id, location_name, agent_id, state, message,
                    wire_order, deadline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .param(tenant.value())
                .param(test.value())
                .param(location.id().value())
                .param(location.name())
                .param(agent == null ? null : agent.value())
                .param(state.name())
                .param(message)
                .param(order)
                .param(Timestamp.from(deadline))
                .update();
    }

    /** The order goes out now. False where it was given up before. */
    boolean run(TenantId tenant, MonitorTestId test, LocationId location) {
        return move(tenant, test, location, OutcomeState.WAITING, OutcomeState.RUNNING, null, null);
    }

    boolean fail(TenantId tenant, MonitorTestId test, LocationId location, String message) {
        return move(tenant, test, location, OutcomeState.RUNNING, OutcomeState.FAILED, message, null);
    }

    boolean finish(TenantId tenant, MonitorTestId test, LocationId location, String result) {
        return move(tenant, test, location, OutcomeState.RUNNING, OutcomeState.DONE, null, result);
    }

    private boolean move(
            TenantId tenant,
            MonitorTestId test,
            LocationId location,
            OutcomeState from,
            OutcomeState to,
            @Nullable String message,
            @Nullable String result) {
        if (!from.canBecome(to)) {
            throw new IllegalArgumentException("The outcome of a monitor test can't go from " + from + " to " + to);
        }
        return jdbc.sql("""
                UPDATE monitor_test_outcome SET state = ?, message = ?, result = ?::jsonb, wire_order = NULL
                WHERE tenant_id = ? AND test_id = ? AND location_id = ? AND state = ?
                """)
                        .param(to.name())
                        .param(message)
                        .param(result)
                        .param(tenant.value())
                        .param(test.value())
                        .param(location.value())
                        .param(from.name())
                        .update()
                == 1;
    }

    /** A part of a test that an agent is to answer. */
    record Open(
            TenantId tenant,
            MonitorTestId test,
            LocationId location,
            @Nullable MonitorId monitor) {}

    List<Open> ofAgent(MonitorTestId test, AgentId agent) {
        return jdbc.sql("""
                SELECT o.tenant_id, o.location_id, t.monitor_id FROM monitor_test_outcome o
                JOIN monitor_test t ON t.tenant_id = o.tenant_id AND t.test_id = o.test_id
                WHERE o.test_id = ? AND o.agent_id = ? AND o.state = 'RUNNING'
                """)
                .params(test.value(), agent.value())
                .query((row, n) -> {
                    UUID monitor = row.getObject("monitor_id", UUID.class);
                    return new Open(
                            new TenantId(row.getObject("tenant_id", UUID.class)),
                            test,
                            new LocationId(row.getObject("location_id", UUID.class)),
                            monitor == null ? null : new MonitorId(monitor));
                })
                .list();
    }

    /** A part of a test whose order has not gone out. */
    record Waiting(TenantId tenant, MonitorTestId test, LocationId location, AgentId agent, Bytes order) {}

    List<Waiting> waiting(Instant now) {
        return jdbc.sql("""
                SELECT tenant_id, test_id, location_id, agent_id, wire_order FROM monitor_test_outcome
                WHERE state = 'WAITING' AND deadline >= ? AND agent_id IS NOT NULL AND wire_order IS NOT NULL
                """)
                .param(Timestamp.from(now))
                .query((row, n) -> new Waiting(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new MonitorTestId(row.getObject("test_id", UUID.class)),
                        new LocationId(row.getObject("location_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        Bytes.of(Objects.requireNonNull(row.getBytes("wire_order")))))
                .list();
    }

    /** A part of a test that was given up. */
    record Overdue(TenantId tenant, MonitorTestId test, AgentId agent) {}

    List<Overdue> failOverdue(Instant now, String message) {
        return jdbc.sql("""
                UPDATE monitor_test_outcome SET state = 'FAILED', message = ?, wire_order = NULL
                WHERE state IN ('WAITING', 'RUNNING') AND deadline < ? AND agent_id IS NOT NULL
                RETURNING tenant_id, test_id, agent_id
                """)
                .params(message, Timestamp.from(now))
                .query((row, n) -> new Overdue(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new MonitorTestId(row.getObject("test_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class))))
                .list();
    }

    void deleteExpired(Instant now) {
        jdbc.sql("DELETE FROM monitor_test WHERE expires_at < ?")
                .param(Timestamp.from(now))
                .update();
    }

    /** When a test began; empty where the tenant has none of this id or it is gone. */
    Optional<Instant> find(TenantId tenant, MonitorTestId test, Instant now) {
        return jdbc.sql("SELECT created_at FROM monitor_test WHERE tenant_id = ? AND test_id = ? AND expires_at >= ?")
                .params(tenant.value(), test.value(), Timestamp.from(now))
                .query((row, n) -> row.getTimestamp("created_at").toInstant())
                .optional();
    }

    /** One location's part. */
    record Outcome(
            LocationId location,
            String locationName,
            @Nullable AgentId agent,
            OutcomeState state,
            @Nullable String message,
            @Nullable String result) {}

    List<Outcome> outcomes(TenantId tenant, MonitorTestId test) {
        return jdbc.sql("""
                SELECT location_id, location_name, agent_id, state, message, result::text AS result
                FROM monitor_test_outcome WHERE tenant_id = ? AND test_id = ? ORDER BY lower(location_name), location_id
                """)
                .params(tenant.value(), test.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    return new Outcome(
                            new LocationId(row.getObject("location_id", UUID.class)),
                            Objects.requireNonNull(row.getString("location_name")),
                            agent == null ? null : new AgentId(agent),
                            OutcomeState.valueOf(row.getString("state")),
                            row.getString("message"),
                            row.getString("result"));
                })
                .list();
    }
}
