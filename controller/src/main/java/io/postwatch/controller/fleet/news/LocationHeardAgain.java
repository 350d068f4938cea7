package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** A location that was silent is so no longer: an agent reports, or nobody expects it to any more. Published after the commit. */
public record LocationHeardAgain(TenantId owner, LocationId location) {}
