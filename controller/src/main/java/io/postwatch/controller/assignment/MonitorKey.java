package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.TenantId;

/** A monitor of a tenant. */
record MonitorKey(TenantId tenant, MonitorId monitor) {}
