package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.LocationId;
import org.jspecify.annotations.Nullable;

/**
 * Which monitors a list shows; null: whatever.
 *
 * @param text part of name, host or a tag, in any case
 * @param location at which the monitor is to run
 */
public record MonitorFilter(
        @Nullable String text,
        @Nullable MonitorType type,
        @Nullable ComponentId component,
        @Nullable LocationId location,
        @Nullable String tag,
        @Nullable Boolean paused) {}
