package io.postwatch.controller.series;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;

/** What a series is about: one monitor at one location for one target. */
public record SeriesInfo(TenantId tenant, SeriesId id, MonitorId monitor, SeriesPlace place) {
    public LocationId location() {
        return place.location();
    }

    public AddressFamily target() {
        return place.target();
    }
}
