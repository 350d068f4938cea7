package io.postwatch.controller.monitor;

/** A monitor and its key in the order of the list it is in. */
public record KeyedMonitor(MonitorDefinition monitor, String key) {}
