package io.postwatch.simulation.store;

import com.google.protobuf.ByteString;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is in the tables. */
public final class Rows {

    /** An agent. Without a session both session and controller are null. */
    public record AgentRow(
            AgentId id,
            LocationId location,
            @Nullable UUID session,
            long epoch,
            @Nullable UUID controller,
            Instant lastSeen,
            long wantedRevision,
            long appliedRevision) {}

    /** Which process of an agent its session is of, and which of that process's sessions it is. */
    public record Attempt(ByteString boot, long number) {}

    public record MonitorRow(
            MonitorId id, MonitorSettings settings, long revision, boolean paused, Set<LocationId> locations) {}

    public record PlacementRow(SeriesId series, MonitorId monitor, LocationId location, AgentId agent, long revision) {}

    public record Site(MonitorId monitor, LocationId location) {}

    public record LaneKey(AgentId agent, UUID spool, Lane lane) {}

    public record ResultKey(long series, Instant scheduledAt) {}

    public record ResultRow(UUID run, boolean measured, boolean clockSuspect) {

        public boolean isBetterThan(ResultRow first) {
            return measured == first.measured ? first.clockSuspect && !clockSuspect : measured;
        }
    }

    public final Map<AgentId, AgentRow> agents = new LinkedHashMap<>();
    public final Map<AgentId, Attempt> attempts = new HashMap<>();
    public final Map<MonitorId, MonitorRow> monitors = new LinkedHashMap<>();
    public final Map<Site, SeriesId> series = new LinkedHashMap<>();
    public final Map<Long, PlacementRow> placements = new TreeMap<>();
    public final Map<LaneKey, LaneEnd> acked = new HashMap<>();
    /** How far each lane was before what was stored last. */
    public final Map<LaneKey, LaneEnd> beforeLastBatch = new HashMap<>();

    public final Map<ResultKey, ResultRow> results = new HashMap<>();
    public final Map<UUID, Instant> leases = new LinkedHashMap<>();

    Rows copy() {
        Rows copy = new Rows();
        copy.agents.putAll(agents);
        copy.attempts.putAll(attempts);
        copy.monitors.putAll(monitors);
        copy.series.putAll(series);
        copy.placements.putAll(placements);
        copy.acked.putAll(acked);
        copy.beforeLastBatch.putAll(beforeLastBatch);
        copy.results.putAll(results);
        copy.leases.putAll(leases);
        return copy;
    }
}
