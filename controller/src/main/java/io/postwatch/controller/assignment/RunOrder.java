package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.id.SeriesId;
import java.time.Instant;

/** "Run this series once, now": the scheduled time is part of the key of its result. */
public record RunOrder(SeriesId series, long revision, Instant scheduledAt) {}
