package io.postwatch.controller.gateway;

import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;

/**
 * Which plan the agent of a session was told last, and when. Written by the thread of the session; asked by the one thread
 * that compares with the database, and by those that only want to know.
 */
final class ToldPlan {
    private final NanoTicker ticker;
    private volatile long revision;
    private volatile long toldAt;
    private volatile long noticed;

    ToldPlan(NanoTicker ticker) {
        this.ticker = ticker;
    }

    /** The agent was told this one, perhaps before. */
    void is(long told) {
        if (told != revision) {
            toldAt = ticker.nanos();
        }
        revision = told;
    }

    long revision() {
        return revision;
    }

    /** Whether the agent was not told this one, nor was this asked of it before. Called by one thread at a time. */
    boolean isNews(long wanted) {
        if (wanted == revision || wanted == noticed) {
            return false;
        }
        noticed = wanted;
        return true;
    }

    /** Whether the agent was told, or this was true, longer ago than it needs for an answer. */
    boolean lacksAnswer(Duration within) {
        long now = ticker.nanos();
        if (now - toldAt < within.toNanos()) {
            return false;
        }
        toldAt = now;
        return true;
    }
}
