package io.postwatch.controller.assignment.login;

import io.postwatch.controller.monitor.MonitorKey;
import java.time.Instant;

/**
 * What a run told of its credential.
 *
 * @param revision of the monitor, as the run had it
 * @param at when the run began
 * @param refused the server looked at the credential and does not know it; otherwise it logged in
 */
public record LoginOutcome(MonitorKey monitor, long revision, Instant at, boolean refused) {}
