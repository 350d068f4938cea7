package io.postwatch.controller.run;

import io.postwatch.controller.shared.Phase;
import java.time.Duration;

/** A phase of a run: offset from its start, and duration. */
public record PhaseTiming(Phase phase, Duration start, Duration duration) {}
