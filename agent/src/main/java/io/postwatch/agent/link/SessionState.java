package io.postwatch.agent.link;

import io.postwatch.agent.spool.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Where a session stands. Legal ways: AwaitingChallenge → AwaitingWelcome → Standing → Ended, and from each to Ended. */
sealed interface SessionState {

    /** The stream is opening. */
    record AwaitingChallenge(long sinceNanos) implements SessionState {}

    /**
     * Hello was said.
     *
     * @param helloNanos when
     * @param heardNanos when the controller was heard of last
     * @param queued whether it said that the hello waits for its turn
     */
    record AwaitingWelcome(long helloNanos, long heardNanos, boolean queued) implements SessionState {

        /** Right after the hello. */
        AwaitingWelcome(long now) {
            this(now, now, false);
        }

        AwaitingWelcome queuedAt(long now) {
            return new AwaitingWelcome(helloNanos, now, true);
        }
    }

    /**
     * Everything flows.
     *
     * @param heartbeatInterval as the controller wishes
     * @param nextHeartbeatNanos when the next one is due
     * @param heartbeats how many were sent
     * @param heardNanos when the controller was heard last
     * @param sent the last sequence of each lane that was sent in this session
     * @param acked the last sequence of each lane that the controller has stored
     * @param backFill how much back-fill is sent at once
     * @param leaveNanos when the session ends because the controller asked to spread; {@link Long#MAX_VALUE}: it did not
     */
    record Standing(
            Duration heartbeatInterval,
            long nextHeartbeatNanos,
            long heartbeats,
            long heardNanos,
            Map<Lane, Long> sent,
            Map<Lane, Long> acked,
            BackFillPace backFill,
            long leaveNanos)
            implements SessionState {

        public Standing {
            sent = Map.copyOf(sent);
            acked = Map.copyOf(acked);
        }

        Standing heard(long now) {
            return new Standing(
                    heartbeatInterval, nextHeartbeatNanos, heartbeats, now, sent, acked, backFill, leaveNanos);
        }

        Standing beaten(long now) {
            return new Standing(
                    heartbeatInterval,
                    now + heartbeatInterval.toNanos(),
                    heartbeats + 1,
                    heardNanos,
                    sent,
                    acked,
                    backFill,
                    leaveNanos);
        }

        Standing sent(Lane lane, long through) {
            return new Standing(
                    heartbeatInterval,
                    nextHeartbeatNanos,
                    heartbeats,
                    heardNanos,
                    with(sent, lane, through),
                    acked,
                    backFill,
                    leaveNanos);
        }

        Standing acked(Lane lane, long through) {
            return new Standing(
                    heartbeatInterval,
                    nextHeartbeatNanos,
                    heartbeats,
                    heardNanos,
                    sent,
                    with(acked, lane, through),
                    backFill,
                    leaveNanos);
        }

        Standing backFilling(BackFillPace pace) {
            return new Standing(
                    heartbeatInterval, nextHeartbeatNanos, heartbeats, heardNanos, sent, acked, pace, leaveNanos);
        }

        Standing leavingAt(long nanos) {
            return new Standing(
                    heartbeatInterval, nextHeartbeatNanos, heartbeats, heardNanos, sent, acked, backFill, nanos);
        }

        long sent(Lane lane) {
            return sent.getOrDefault(lane, 0L);
        }

        long inFlight(Lane lane) {
            return sent(lane) - acked.getOrDefault(lane, 0L);
        }

        private static Map<Lane, Long> with(Map<Lane, Long> before, Lane lane, long through) {
            Map<Lane, Long> after = new EnumMap<>(Lane.class);
            after.putAll(before);
            after.merge(lane, through, Math::max);
            return after;
        }
    }

    /** It is over. */
    record Ended(SessionEnd end) implements SessionState {}
}
