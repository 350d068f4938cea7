package io.postwatch.controller.result;

import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;

/** The key of a result. */
public record RunKey(TenantId tenant, SeriesId series, Instant scheduledAt) {}
