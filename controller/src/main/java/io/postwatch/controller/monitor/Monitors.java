package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.TenantId;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The monitors there are. Every method is part of the caller's transaction, the tenant's or the system's. */
@Component
public class Monitors {
    private final MonitorRows rows;

    Monitors(MonitorRows rows) {
        this.rows = rows;
    }

    public Optional<MonitorDefinition> find(TenantId tenant, MonitorId id) {
        return rows.find(tenant, id);
    }

    /** All of a tenant's. */
    public List<MonitorDefinition> ofTenant(TenantId tenant) {
        return rows.ofTenant(tenant);
    }

    /** Who has monitors at all; of use in the system's transactions only. */
    public List<TenantId> tenants() {
        return rows.tenants();
    }
}
