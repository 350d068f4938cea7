package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;

/** A monitor of a tenant. */
public record MonitorKey(TenantId tenant, MonitorId monitor) {}
