package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** A location that was silent is so no longer: an agent reports, or nobody expects it to any more. Published after the commit. */
public record LocationHeardAgain(TenantId owner, LocationId location) {}
