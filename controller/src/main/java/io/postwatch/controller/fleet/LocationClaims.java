package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** Who would lose a location that is deleted. Called inside the tenant's transaction. */
public interface LocationClaims {
    /** How many monitors of the tenant name this location themselves, and not only by "all". */
    int monitorsNaming(TenantId tenant, LocationId location);
}
