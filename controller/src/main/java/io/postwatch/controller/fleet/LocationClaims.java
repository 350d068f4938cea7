package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** Who would lose a location that is deleted. */
public interface LocationClaims {
    /** How many monitors of the tenant name this location themselves, and not only by "all". Inside its transaction. */
    int monitorsNaming(TenantId tenant, LocationId location);

    /** The same of a public location, whose monitors are of any tenant: a number and no more. In a transaction of its own. */
    int monitorsNaming(LocationId publicLocation);
}
