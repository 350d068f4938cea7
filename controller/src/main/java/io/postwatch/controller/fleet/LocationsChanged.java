package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.TenantId;

/** A location of the tenant was made or deleted. Published in the transaction of the change. */
public record LocationsChanged(TenantId tenant) {}
