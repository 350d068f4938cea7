package io.postwatch.controller.scope;

import io.postwatch.controller.shared.id.TenantId;

/** For whom a transaction runs. */
sealed interface Scope {
    /** One tenant's rows, as the app role. */
    record OfTenant(TenantId tenant) implements Scope {}

    /** Directory tables only, as the app role, before the tenant is known. */
    record OfDirectory() implements Scope {}

    /** All tenants' rows of the listed tables, as the system role. */
    record OfSystem() implements Scope {}

    /** The same, on the connection that is kept for what must not wait. */
    record OfReserve() implements Scope {}
}
