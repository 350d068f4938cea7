package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Map;

/** Who uses a location. The modules that know monitors implement it; called inside the tenant's transaction. */
public interface LocationUse {
    /** How many monitors of the tenant run at each location; locations without one may be absent. */
    Map<LocationId, Integer> monitors(TenantId tenant);
}
