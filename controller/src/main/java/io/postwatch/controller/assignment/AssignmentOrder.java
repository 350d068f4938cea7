package io.postwatch.controller.assignment;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** "You run this monitor for this target", as told to one agent. Share is an opaque number for fairness between tenants. */
public record AssignmentOrder(
        SeriesId series,
        long revision,
        MonitorId monitor,
        int share,
        Duration anchor,
        MonitorSettings settings,
        AddressFamily target,
        @Nullable SealedLogin secret) {}
