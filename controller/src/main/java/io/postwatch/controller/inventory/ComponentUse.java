package io.postwatch.controller.inventory;

import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collection;
import java.util.Map;

/**
 * How many monitors a component groups: the port that module monitor implements, since it uses this one. Called inside
 * a transaction of the tenant.
 */
public interface ComponentUse {
    /** For each of the components that has any. */
    Map<ComponentId, Integer> monitors(TenantId tenant, Collection<ComponentId> components);
}
