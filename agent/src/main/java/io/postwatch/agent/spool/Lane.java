package io.postwatch.agent.spool;

/** Which way a record goes to the controller. */
public enum Lane {
    /** Fresh results: what was made while connected, or so shortly before that it still is news. */
    LIVE(1),
    /** What an outage left behind. */
    BACK_FILL(2);

    private final int number;

    Lane(int number) {
        this.number = number;
    }

    /** As stored; never changes. */
    int number() {
        return number;
    }
}
