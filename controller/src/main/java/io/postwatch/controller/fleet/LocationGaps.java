package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What agents told of results that they lost, by location and time: why there are none. Part of the tenant's transaction. */
@Component
public class LocationGaps {
    private final JdbcClient jdbc;

    LocationGaps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A gap, and where it is.
     *
     * @param agent the name of the agent that told it
     */
    public record Told(LocationId location, String agent, GapView gap) {}

    /**
     * Of the tenant's own agents at these locations, those gaps that lie in part between the two times; the last told
     * first.
     */
    public List<Told> at(TenantId tenant, Collection<LocationId> locations, Instant from, Instant to, int limit) {
        // None is told before its time, so what was told earlier than that need not be looked at.
        return jdbc.sql("""
                SELECT a.location_id, a.name, g.first_at, g.last_at, g.dropped, g.reason, g.told_at
                FROM agent a JOIN spool_gap g ON g.tenant_id = a.tenant_id AND g.agent_id = a.agent_id
                WHERE a.tenant_id = ? AND a.location_id = ANY (?)
                    AND g.told_at >= ? AND g.last_at >= ? AND g.first_at < ?
                ORDER BY g.told_at DESC, g.spool_id DESC, g.lane DESC, g.sequence DESC LIMIT ?
                """)
                .params(
                        tenant.value(),
                        locations.stream().map(LocationId::value).toArray(UUID[]::new),
                        Timestamp.from(from),
                        Timestamp.from(from),
                        Timestamp.from(to),
                        limit)
                .query((row, n) -> new Told(
                        new LocationId(row.getObject("location_id", UUID.class)),
                        row.getString("name"),
                        GapView.of(row)))
                .list();
    }
}
