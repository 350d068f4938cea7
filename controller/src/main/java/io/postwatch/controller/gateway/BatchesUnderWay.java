package io.postwatch.controller.gateway;

import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.SessionInput.FromAgent;
import io.postwatch.controller.gateway.SessionInput.PeerDone;
import io.postwatch.proto.agent.v1.AgentMessage.MessageCase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which lanes of a session have a batch that waits or is being stored, and what has to wait for it: the next batch of the
 * same lane, and the end of what the agent says. All else goes on meanwhile, so that a batch of back-fill holds up neither
 * the fresh results of the same agent nor its heartbeats. Used by the thread of the session alone.
 */
final class BatchesUnderWay {
    private final Set<Lane> lanes = EnumSet.noneOf(Lane.class);
    private final Deque<SessionInput> held = new ArrayDeque<>();

    /** Keeps what came for later, where it has to wait; false where it may be handled now. */
    boolean hold(SessionInput input) {
        boolean waits = (isSaid(input) && holds()) || isOfBusyLane(input) || (isFarewell(input) && !lanes.isEmpty());
        if (waits) {
            held.addLast(input);
        }
        return waits;
    }

    /** Whether something waits; then no more is to be asked for. */
    boolean holds() {
        return !held.isEmpty();
    }

    /** Whether a batch of such a lane waits or is being stored. */
    boolean any(Predicate<Lane> such) {
        return lanes.stream().anyMatch(such);
    }

    void began(Lane lane) {
        lanes.add(lane);
    }

    /** A batch is done with: what was held, in its order, is to be looked at again. */
    List<SessionInput> ended(Lane lane) {
        lanes.remove(lane);
        List<SessionInput> again = List.copyOf(held);
        held.clear();
        return again;
    }

    private static boolean isSaid(SessionInput input) {
        return input instanceof FromAgent || input instanceof PeerDone;
    }

    private boolean isOfBusyLane(SessionInput input) {
        return input instanceof FromAgent(var message, var _)
                && message.getMessageCase() == MessageCase.RESULT_BATCH
                && lane(message.getResultBatch().getLane())
                        .filter(lanes::contains)
                        .isPresent();
    }

    private static boolean isFarewell(SessionInput input) {
        return input instanceof PeerDone
                || (input instanceof FromAgent(var message, var _) && message.getMessageCase() == MessageCase.GOODBYE);
    }

    /** None where it isn't known here; the rules of the session have an answer to that. */
    private static Optional<Lane> lane(io.postwatch.proto.agent.v1.Lane lane) {
        return switch (lane) {
            case LANE_LIVE -> Optional.of(Lane.LIVE);
            case LANE_BACK_FILL -> Optional.of(Lane.BACK_FILL);
            case LANE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
