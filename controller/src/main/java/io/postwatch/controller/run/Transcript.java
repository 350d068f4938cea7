package io.postwatch.controller.run;

import java.util.List;

/** The dialogue of a run; discardedBytes counts what exceeded its bounds. */
public record Transcript(List<TranscriptLine> lines, long discardedBytes) {
    public Transcript {
        lines = List.copyOf(lines);
    }
}
