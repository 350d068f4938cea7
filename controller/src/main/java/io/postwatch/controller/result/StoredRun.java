package io.postwatch.controller.result;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;

/**
 * A result as it is stored.
 *
 * @param run without its transcript where only its presence was asked for
 * @param hasTranscript whether one is stored
 */
public record StoredRun(SeriesId series, AgentId agent, RunRecord run, boolean hasTranscript) {}
