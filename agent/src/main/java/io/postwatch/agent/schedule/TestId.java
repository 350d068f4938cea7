package io.postwatch.agent.schedule;

import java.util.UUID;

/** A monitor test: a run on demand that is stored nowhere. */
public record TestId(UUID value) {}
