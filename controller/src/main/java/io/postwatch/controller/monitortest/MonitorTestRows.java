package io.postwatch.controller.monitortest;

import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.MonitorTestId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TestOrderId;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    /** Of {@code monitor_test_outcome o}. */
    private static final String PART =
            "o.tenant_id, o.test_id, o.location_id, o.target, coalesce(o.order_id, o.test_id) AS order_id";

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

    /** A part of a test: one run, at one location for one target. {@code id} is how its agent names it. */
    record Part(TenantId tenant, MonitorTestId test, SeriesPlace place, TestOrderId id) {}

    void insertFailed(Part part, String locationName, String message, Instant now) {
        insert(part, locationName, null, OutcomeState.FAILED, message, null, now);
    }

    void insertWaiting(Part part, String locationName, AgentId agent, byte[] order, Instant deadline) {
        insert(part, locationName, agent, OutcomeState.WAITING, null, order, deadline);
    }

    private void insert(
            Part part,
            String locationName,
            @Nullable AgentId agent,
            OutcomeState state,
            @Nullable String message,
            byte @Nullable [] order,
            Instant deadline) {
        jdbc.sql("""
                INSERT INTO monitor_test_outcome (tenant_id, test_id, location_id, target, order_id, location_name, agent_id,
                    state, message, wire_order, deadline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .param(part.tenant().value())
                .param(part.test().value())
                .param(part.place().location().value())
                .param(part.place().target().code())
                .param(part.id().value())
                .param(locationName)
                .param(agent == null ? null : agent.value())
                .param(state.name())
                .param(message)
                .param(order)
                .param(Timestamp.from(deadline))
                .update();
    }

    /** The order goes out now, on this session. False where it was given up before. */
    boolean run(Part part, UUID session) {
        return move(part, OutcomeState.WAITING, OutcomeState.RUNNING, null, null, session);
    }

    boolean fail(Part part, String message) {
        return move(part, OutcomeState.RUNNING, OutcomeState.FAILED, message, null, null);
    }

    boolean finish(Part part, String result) {
        return move(part, OutcomeState.RUNNING, OutcomeState.DONE, null, result, null);
    }

    private boolean move(
            Part part,
            OutcomeState from,
            OutcomeState to,
            @Nullable String message,
            @Nullable String result,
            @Nullable UUID session) {
        if (!from.canBecome(to)) {
            throw new IllegalArgumentException("The outcome of a monitor test can't go from " + from + " to " + to);
        }
        return jdbc.sql("""
                UPDATE monitor_test_outcome SET state = ?, message = ?, result = ?::jsonb, session_id = ?, wire_order = NULL
                WHERE tenant_id = ? AND test_id = ? AND location_id = ? AND target = ? AND state = ?
                """)
                        .param(to.name())
                        .param(message)
                        .param(result)
                        .param(session)
                        .param(part.tenant().value())
                        .param(part.test().value())
                        .param(part.place().location().value())
                        .param(part.place().target().code())
                        .param(from.name())
                        .update()
                == 1;
    }

    /** A part of a test that an agent is to answer. */
    record Open(Part part, @Nullable MonitorId monitor) {}

    List<Open> ofAgent(TestOrderId order, AgentId agent) {
        return jdbc.sql("SELECT " + PART + """
                        , t.monitor_id FROM monitor_test_outcome o
                        JOIN monitor_test t ON t.tenant_id = o.tenant_id AND t.test_id = o.test_id
                        WHERE coalesce(o.order_id, o.test_id) = ? AND o.agent_id = ? AND o.state = 'RUNNING'
                        """)
                .params(order.value(), agent.value())
                .query((row, n) -> {
                    UUID monitor = row.getObject("monitor_id", UUID.class);
                    return new Open(part(row), monitor == null ? null : new MonitorId(monitor));
                })
                .list();
    }

    /** A part of a test whose order has not gone out. */
    record Waiting(Part part, AgentId agent, Bytes order) {}

    List<Waiting> waiting(Instant now) {
        return jdbc.sql("SELECT " + PART + """
                        , o.agent_id, o.wire_order FROM monitor_test_outcome o
                        WHERE state = 'WAITING' AND deadline >= ? AND agent_id IS NOT NULL AND wire_order IS NOT NULL
                        """)
                .param(Timestamp.from(now))
                .query((row, n) -> new Waiting(
                        part(row),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        Bytes.of(Objects.requireNonNull(row.getBytes("wire_order")))))
                .list();
    }

    /** A part of a test that was given up. */
    record GivenUp(Part part, AgentId agent) {}

    /** What was not answered in time; a part whose order never went out, for another reason than one that did. */
    List<GivenUp> failOverdue(Instant now, String notReached, String notAnswered) {
        return jdbc.sql("""
                UPDATE monitor_test_outcome o SET state = 'FAILED', wire_order = NULL,
                    message = CASE WHEN state = 'WAITING' THEN ? ELSE ? END
                WHERE state IN ('WAITING', 'RUNNING') AND deadline < ? AND agent_id IS NOT NULL
                RETURNING o.agent_id,\s""" + PART)
                .params(notReached, notAnswered, Timestamp.from(now))
                .query(MonitorTestRows::givenUp)
                .list();
    }

    /**
     * What can't be answered any more, since the session that its order went out on is not the agent's any more, or is
     * held by a controller that doesn't live.
     */
    List<GivenUp> failOrphans(String sessionOver, String controllerGone) {
        return jdbc.sql("""
                UPDATE monitor_test_outcome o SET state = 'FAILED', wire_order = NULL,
                    message = CASE WHEN x.session_stands THEN ? ELSE ? END
                FROM (
                    SELECT r.tenant_id, r.test_id, r.location_id, r.target,
                        a.session_id IS NOT DISTINCT FROM r.session_id AS session_stands
                    FROM monitor_test_outcome r
                    LEFT JOIN agent a ON a.agent_id = r.agent_id AND a.tenant_id IN (r.tenant_id, ?)
                    LEFT JOIN controller_lease l ON l.controller_id = a.session_controller
                        AND l.lease_until > transaction_timestamp()
                    WHERE r.state = 'RUNNING' AND r.session_id IS NOT NULL
                        AND (a.session_id IS DISTINCT FROM r.session_id OR l.controller_id IS NULL)) x
                WHERE o.tenant_id = x.tenant_id AND o.test_id = x.test_id AND o.location_id = x.location_id
                    AND o.target = x.target AND o.state = 'RUNNING' AND o.agent_id IS NOT NULL
                RETURNING o.agent_id,\s""" + PART)
                .params(controllerGone, sessionOver, TenantId.PLATFORM.value())
                .query(MonitorTestRows::givenUp)
                .list();
    }

    private static GivenUp givenUp(ResultSet row, int number) throws SQLException {
        return new GivenUp(part(row), new AgentId(row.getObject("agent_id", UUID.class)));
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

    /** What became of one run. */
    record Outcome(
            SeriesPlace place,
            String locationName,
            @Nullable AgentId agent,
            OutcomeState state,
            @Nullable String message,
            @Nullable String result) {}

    List<Outcome> outcomes(TenantId tenant, MonitorTestId test) {
        return jdbc.sql("""
                SELECT location_id, target, location_name, agent_id, state, message, result::text AS result
                FROM monitor_test_outcome WHERE tenant_id = ? AND test_id = ?
                ORDER BY lower(location_name), location_id, target
                """)
                .params(tenant.value(), test.value())
                .query((row, n) -> {
                    UUID agent = row.getObject("agent_id", UUID.class);
                    return new Outcome(
                            SeriesDirectory.place(row),
                            Objects.requireNonNull(row.getString("location_name")),
                            agent == null ? null : new AgentId(agent),
                            OutcomeState.valueOf(row.getString("state")),
                            row.getString("message"),
                            row.getString("result"));
                })
                .list();
    }

    private static Part part(ResultSet row) throws SQLException {
        return new Part(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new MonitorTestId(row.getObject("test_id", UUID.class)),
                SeriesDirectory.place(row),
                new TestOrderId(row.getObject("order_id", UUID.class)));
    }
}
