package io.postwatch.controller.monitor;

import io.postwatch.controller.inventory.ComponentUse;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collection;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Tells inventory how many monitors a component groups. */
@Component
class MonitorsInComponents implements ComponentUse {
    private final MonitorRows rows;

    MonitorsInComponents(MonitorRows rows) {
        this.rows = rows;
    }

    @Override
    public Map<ComponentId, Integer> monitors(TenantId tenant, Collection<ComponentId> components) {
        return rows.countByComponent(tenant, components);
    }
}
