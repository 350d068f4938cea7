package io.postwatch.controller.assignment;

import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;

/** That an agent runs a series. {@code owner} is the agent's tenant: the platform's at a public location. */
record PlacementRow(
        TenantId tenant,
        SeriesId series,
        MonitorId monitor,
        SeriesPlace place,
        AgentId agent,
        TenantId owner,
        long revision,
        Duration anchor) {
    LocationId location() {
        return place.location();
    }

    MonitorKey key() {
        return new MonitorKey(tenant, monitor);
    }
}
