package io.postwatch.controller.series;

import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.SeriesId;
import io.postwatch.controller.shared.TenantId;

/** What a series is about: one monitor at one location for one target, such as an address family. */
public record SeriesInfo(TenantId tenant, SeriesId id, MonitorId monitor, LocationId location, String target) {}
