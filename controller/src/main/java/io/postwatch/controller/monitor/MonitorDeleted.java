package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;

/** A monitor was deleted. Published in the transaction of the change; the revision is greater than that of every change before. */
public record MonitorDeleted(TenantId tenant, MonitorId monitor, long revision) {}
