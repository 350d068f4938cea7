package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.gateway.gate.CallLimits.Kind;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many enrolments and renewals are decided at the same time. Enrolments, which anybody may ask for, never take all
 * places: agents that are known always renew. Safe for all threads.
 */
public final class DecisionPlaces {
    private final Semaphore all;
    private final Semaphore enrolments;
    private final Duration patience;

    /**
     * Makes places that are free.
     *
     * @param all decided at once
     * @param enrolments of these
     * @param patience how long one waits for a place
     */
    public DecisionPlaces(int all, int enrolments, Duration patience) {
        this.all = new Semaphore(all, true);
        this.enrolments = new Semaphore(enrolments, true);
        this.patience = patience;
    }

    /** Takes a place, which is to be left; or answers that none came free in time. */
    public boolean enter(Kind kind) {
        try {
            return switch (kind) {
                case ENROLMENT -> enterBoth();
                case RENEWAL, CHALLENGE -> acquire(all);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean enterBoth() throws InterruptedException {
        if (!acquire(enrolments)) {
            return false;
        }
        boolean entered = false;
        try {
            entered = acquire(all);
            return entered;
        } finally {
            if (!entered) {
                enrolments.release();
            }
        }
    }

    private boolean acquire(Semaphore places) throws InterruptedException {
        return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Of a place that was taken. */
    public void leave(Kind kind) {
        all.release();
        if (kind == Kind.ENROLMENT) {
            enrolments.release();
        }
    }
}
