package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;

/** None of a location's agents reports any more; the last one that did was heard of at {@code since}. Published after the commit. */
public record LocationFellSilent(TenantId owner, LocationId location, Instant since) {}
