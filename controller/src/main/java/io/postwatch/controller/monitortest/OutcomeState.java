package io.postwatch.controller.monitortest;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of one location's part of a monitor test. */
enum OutcomeState {
    /** An agent is chosen; the order has not gone out. */
    WAITING,
    RUNNING,
    DONE,
    /** No answer will come; the message says why. */
    FAILED;

    Set<OutcomeState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(RUNNING, FAILED);
            case RUNNING -> EnumSet.of(DONE, FAILED);
            case DONE, FAILED -> EnumSet.noneOf(OutcomeState.class);
        };
    }

    boolean canBecome(OutcomeState other) {
        return next().contains(other);
    }

    boolean isFinal() {
        return next().isEmpty();
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
