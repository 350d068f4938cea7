package io.postwatch.controller.gateway;

import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.SessionState.Open;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.proto.agent.v1.ResultBatch;

/** From what an agent says to a batch of its session; what breaks the protocol is an {@link IllegalArgumentException}. */
final class ReportedBatch {
    private ReportedBatch() {}

    static Batch of(Open state, ResultBatch message) {
        Lane lane = switch (message.getLane()) {
            case LANE_LIVE -> Lane.LIVE;
            case LANE_BACK_FILL -> Lane.BACK_FILL;
            case LANE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("A batch of a lane that is not known here");
        };
        if (message.getRecordsCount() > Batch.MAX_RECORDS) {
            // Before they are looked at: each could lead to an answer of its own.
            throw new IllegalArgumentException("A batch has at most " + Batch.MAX_RECORDS + " records");
        }
        Long last = state.lastSequence().get(lane);
        return new Batch(
                new Batch.Reporter(
                        state.session().tenant(),
                        state.session().agent(),
                        state.session().location(),
                        state.session().id()),
                state.spool(),
                lane,
                last == null ? state.acked().getOrDefault(lane, 0L) : Batch.NO_LEAP,
                message.getRecordsList().stream().map(ResultMapping::entry).toList());
    }
}
