package io.postwatch.controller.proof;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of a proof. */
public enum ProofState {
    /** Somebody says that it is theirs; nothing is known. */
    CLAIMED,
    PROVEN,
    /** It was proven, and the text has been gone for too long. */
    LAPSED;

    Set<ProofState> next() {
        return switch (this) {
            case CLAIMED, LAPSED -> EnumSet.of(PROVEN);
            case PROVEN -> EnumSet.of(LAPSED);
        };
    }

    boolean canBecome(ProofState other) {
        return next().contains(other);
    }

    /** The name in the API: {@code proven}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
