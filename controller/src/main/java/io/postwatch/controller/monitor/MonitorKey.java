package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.TenantId;

/** A monitor of a tenant. */
public record MonitorKey(TenantId tenant, MonitorId monitor) {}
