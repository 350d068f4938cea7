package io.postwatch.controller.run;

import io.postwatch.controller.shared.Direction;
import java.time.Duration;

/** A line of a dialogue, sanitised and redacted by the agent. */
public record TranscriptLine(Duration at, Direction direction, String text) {}
