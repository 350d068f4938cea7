package io.postwatch.agent.link;

import io.postwatch.agent.identity.AgentKeys;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.Scheduler;
import io.postwatch.agent.schedule.TestRuns;
import io.postwatch.agent.selfcheck.Egress;
import io.postwatch.agent.spool.ResultSpool;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What every session of this agent works with.
 *
 * @param facts read anew for each hello, with the addresses that the host has by then
 */
public record SessionParts(
        AgentKeys keys,
        Supplier<AgentFacts> facts,
        StateDesk desk,
        Scheduler scheduler,
        TestRuns tests,
        TextLookup texts,
        LeaseDesk leases,
        ResultSpool spool,
        Egress egress,
        ControllerClock controllerClock,
        InstantSource wallClock,
        NanoTicker ticker,
        RandomGenerator random) {}
