package io.postwatch.agent.link;

import java.time.Duration;

/**
 * How much back-fill a session sends at once. After an outage all agents bring what they have kept, and each batch waits in the
 * memory of the controller for its turn: so the first of a session is small, the next ones grow for as long as they are stored
 * soon, and get smaller again where they wait.
 *
 * @param records that the next batch has at most
 * @param sentNanos when the last one was sent
 */
record BackFillPace(int records, long sentNanos) {

    /** Of 10,000 agents these are 200,000 records, some ten seconds of work for a controller. */
    static final int FEWEST = 20;

    /** What was not stored within this time waited for others. */
    static final Duration SOON = Duration.ofSeconds(2);

    private static final int STEP = 2;

    BackFillPace {
        if (records < FEWEST || records > SessionRules.BATCH) {
            throw new IllegalArgumentException(
                    "a batch of back-fill has " + FEWEST + " to " + SessionRules.BATCH + " records");
        }
    }

    /** Of a session that has sent none. */
    static BackFillPace atFirst(long now) {
        return new BackFillPace(FEWEST, now);
    }

    BackFillPace sent(long now) {
        return new BackFillPace(records, now);
    }

    /** What was sent last is stored. */
    BackFillPace stored(long now) {
        boolean soon = now - sentNanos <= SOON.toNanos();
        int next = soon ? Math.min(SessionRules.BATCH, records * STEP) : Math.max(FEWEST, records / STEP);
        return new BackFillPace(next, sentNanos);
    }
}
