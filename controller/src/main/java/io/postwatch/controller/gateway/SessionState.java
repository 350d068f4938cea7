package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.BatchOutcome.Witness;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a session is. It only moves downwards in this file. */
sealed interface SessionState {
    /** The challenge is out. */
    record AwaitingHello(Bytes nonce) implements SessionState {}

    /** The hello is being judged. */
    record Admitting(Bytes appliedHash, long appliedRevision, UUID spool) implements SessionState {}

    /**
     * The session stands.
     *
     * @param acked of each lane, as the welcome told it
     * @param told what the agent was told last
     * @param reading the plan is being read
     * @param stale the plan changed while it was read
     * @param waiting runs that wait for their assignment to be told
     * @param lastSequence of each lane in this session
     * @param wanted certificates that the agent was asked for, and who saw them
     * @param snapshot the last snapshot that the agent asked for, until it says that it applied something
     */
    record Open(
            AgentSession session,
            UUID spool,
            Map<Lane, Long> acked,
            DesiredState told,
            boolean reading,
            boolean stale,
            Map<SeriesId, RunOrder> waiting,
            Map<Lane, Long> lastSequence,
            Map<Fingerprint, Set<Witness>> wanted,
            @Nullable AskedSnapshot snapshot)
            implements SessionState {
        /** Certificates that one agent was asked for and has not sent. */
        static final int MAX_WANTED = 1000;

        public Open {
            acked = Map.copyOf(acked);
            // In the order in which they were asked for.
            waiting = Collections.unmodifiableMap(new LinkedHashMap<>(waiting));
            lastSequence = Map.copyOf(lastSequence);
            wanted = Map.copyOf(wanted);
        }

        Open with(DesiredState nowTold, boolean nowReading, boolean nowStale, Map<SeriesId, RunOrder> nowWaiting) {
            return new Open(
                    session, spool, acked, nowTold, nowReading, nowStale, nowWaiting, lastSequence, wanted, snapshot);
        }

        /** How far each lane is stored: as the welcome told it, and what was stored since. */
        Map<Lane, Long> storedThrough() {
            Map<Lane, Long> stored = new EnumMap<>(Lane.class);
            stored.putAll(acked);
            lastSequence.forEach((lane, through) -> stored.merge(lane, through, Math::max));
            return stored;
        }

        /** After a batch that ends with this sequence. */
        Open stored(Lane lane, long last, Map<Fingerprint, Set<Witness>> nowWanted) {
            Map<Lane, Long> sequences = new EnumMap<>(Lane.class);
            sequences.putAll(lastSequence);
            sequences.merge(lane, last, Math::max);
            return new Open(
                    session,
                    spool,
                    acked,
                    told,
                    reading,
                    stale,
                    waiting,
                    sequences,
                    remember(wanted, nowWanted),
                    snapshot);
        }

        /** Those of the last batches: an agent answers soon or not at all. */
        private static Map<Fingerprint, Set<Witness>> remember(
                Map<Fingerprint, Set<Witness>> before, Map<Fingerprint, Set<Witness>> now) {
            Map<Fingerprint, Set<Witness>> wanted = new LinkedHashMap<>();
            if (before.size() + now.size() <= MAX_WANTED) {
                wanted.putAll(before);
            }
            now.forEach((fingerprint, witnesses) -> wanted.merge(fingerprint, witnesses, (some, more) -> {
                Set<Witness> all = new LinkedHashSet<>(some);
                all.addAll(more);
                return all;
            }));
            return wanted;
        }

        Open with(@Nullable AskedSnapshot asked) {
            return new Open(session, spool, acked, told, reading, stale, waiting, lastSequence, wanted, asked);
        }
    }

    /** A snapshot that was asked for. {@code again}: the agent has asked once more since. */
    record AskedSnapshot(Instant at, boolean again) {
        /** An agent that needs longer to apply one may have another. */
        static final Duration PATIENCE = Duration.ofSeconds(15);

        boolean isFresh(Instant now) {
            return Duration.between(at, now).abs().compareTo(PATIENCE) < 0;
        }

        AskedSnapshot askedAgain() {
            return new AskedSnapshot(at, true);
        }
    }

    /** Nothing more is sent, and what still comes is ignored. */
    record Ended() implements SessionState {}
}
