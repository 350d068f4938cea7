package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;

/** A monitor was made, edited, paused or resumed. Published in the transaction of the change. */
public record MonitorChanged(TenantId tenant, MonitorId monitor, long revision) {}
