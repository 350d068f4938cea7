package io.postwatch.agent.selfcheck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the way out through one port in one address family: how the last connection to each network went, and what the operator's
 * hosts said. Immutable; every method is a pure function of it and the monotonic time.
 *
 * @param port which
 * @param attempts of runs, the newest last; one for each network, at most {@value #MAX_NETWORKS}
 * @param round when the hosts were asked last, and what came out; null: never
 * @param hurried whether connections began to fail everywhere since
 * @param open whether a connection ever stood there: then more has to fall silent before the way out is doubted
 */
record PortEgress(
        int port, List<Attempt> attempts, @Nullable Round round, boolean hurried, boolean open) {

    /** Between two rounds: enough to know before people ask, and nothing to a mail server. */
    static final Duration PERIOD = Duration.ofMinutes(5);

    /** Between two rounds, where connections begin to fail everywhere. */
    static final Duration HURRIED_PERIOD = Duration.ofMinutes(1);

    /** What runs saw counts this long; what the hosts said, while it is renewed. */
    static final Duration LATELY = Duration.ofMinutes(10);

    /** So many networks don't vanish together. Fewer may be one provider's. */
    static final int TELLING_NETWORKS = 3;

    /** Where the port was open, so many that were heard there before: what never answered may just not be there. */
    static final int LOST_NETWORKS = 5;

    /** The one port that networks close on purpose, without an answer: without hosts only there a guess is dared. */
    static final int GUESSED_PORT = EgressHosts.Host.SMTP;

    private static final int MAX_NETWORKS = 64;

    PortEgress {
        attempts = List.copyOf(attempts);
    }

    /** Nothing was seen yet. */
    static PortEgress unknown(int port) {
        return new PortEgress(port, List.of(), null, false, false);
    }

    /** How a connection went. */
    enum Outcome {
        CONNECTED,
        TIMED_OUT,
        /** Somebody answered, or this host itself had no way. */
        OTHERWISE
    }

    /**
     * @param network in which the address lies
     * @param heard whether a connection to it ever stood, this one or one before
     */
    record Attempt(String network, Outcome outcome, boolean heard, long nanos) {}

    /** What the operator's hosts say together. */
    enum Answer {
        SOME,
        /** Several were asked, and none could be reached. */
        NONE,
        /** Only one could be asked, and it could not be reached: it may be itself what is down. */
        ONE_SILENT,
        /** None could be asked: their names were not found, or this agent may not connect to them. */
        UNKNOWN
    }

    /** The hosts, asked once. */
    record Round(Answer answer, long nanos) {}

    /** A run has tried to connect. */
    PortEgress attempted(String network, Outcome outcome, long now) {
        List<Attempt> after = new ArrayList<>(attempts);
        boolean heard = outcome == Outcome.CONNECTED
                || attempts.stream().anyMatch(attempt -> attempt.network().equals(network) && attempt.heard());
        after.removeIf(attempt -> attempt.network().equals(network));
        after.add(new Attempt(network, outcome, heard, now));
        List<Attempt> kept = after.subList(Math.max(0, after.size() - MAX_NETWORKS), after.size());
        boolean ever = open || outcome == Outcome.CONNECTED;
        PortEgress next = new PortEgress(port, kept, round, hurried, ever);
        boolean begins = next.failsEverywhere(now) && !failsEverywhere(now);
        return begins ? new PortEgress(port, kept, round, true, ever) : next;
    }

    /** The hosts were asked. */
    PortEgress asked(Answer answer, long now) {
        return new PortEgress(port, attempts, new Round(answer, now), false, open || answer == Answer.SOME);
    }

    /** Whether it is time to ask the hosts. */
    boolean isRoundDue(long now) {
        return round == null || isOlder(round.nanos(), hurried ? HURRIED_PERIOD : PERIOD, now);
    }

    /** Why the way out is taken for blocked, as half a sentence; null: it is open, or nobody knows. */
    @Nullable
    String blockedBecause(long now) {
        if (round != null && !isOlder(round.nanos(), LATELY, now)) {
            switch (round.answer()) {
                case SOME -> {
                    return null;
                }
                case NONE -> {
                    return connectedSince(round.nanos())
                            ? null
                            : "none of the hosts that are asked for this purpose can be reached there either";
                }
                case ONE_SILENT -> {
                    return recent(now).anyMatch(PortEgress::isConnected)
                            ? null
                            : "the host that is asked for this purpose can't be reached there either";
                }
                case UNKNOWN -> {}
            }
        }
        return port == GUESSED_PORT && isSilentEverywhere(now)
                ? "of the last " + recent(now).count() + " networks tried there none answered"
                : null;
    }

    /** Whether a connection stood lately, or one of the hosts was there. */
    boolean isSeenOpen(long now) {
        return recent(now).anyMatch(PortEgress::isConnected)
                || (round != null && round.answer() == Answer.SOME && !isOlder(round.nanos(), LATELY, now));
    }

    private boolean isSilentEverywhere(long now) {
        boolean enough = open
                ? recent(now).filter(Attempt::heard).count() >= LOST_NETWORKS
                : recent(now).count() >= TELLING_NETWORKS;
        return enough && recent(now).allMatch(attempt -> attempt.outcome() == Outcome.TIMED_OUT);
    }

    private boolean failsEverywhere(long now) {
        return recent(now).findAny().isPresent() && recent(now).noneMatch(PortEgress::isConnected);
    }

    private boolean connectedSince(long nanos) {
        return attempts.stream().anyMatch(attempt -> isConnected(attempt) && attempt.nanos() - nanos > 0);
    }

    private static boolean isConnected(Attempt attempt) {
        return attempt.outcome() == Outcome.CONNECTED;
    }

    private Stream<Attempt> recent(long now) {
        return attempts.stream().filter(attempt -> !isOlder(attempt.nanos(), LATELY, now));
    }

    private static boolean isOlder(long nanos, Duration age, long now) {
        return now - nanos >= age.toNanos();
    }
}
