package io.postwatch.agent.spool;

/** Why results were dropped. */
public enum GapReason {
    SPOOL_FULL(1),
    TOO_OLD(2),
    SPOOL_DAMAGED(3);

    private final int number;

    GapReason(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static GapReason of(int number) {
        for (GapReason reason : values()) {
            if (reason.number == number) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no gap reason " + number);
    }
}
