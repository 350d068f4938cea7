package io.postwatch.controller.gateway;

import io.postwatch.controller.evaluation.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * How many batches of results are stored at once, and whose turn is next. Live first: a batch of fresh results goes before
 * all of back-fill that wait, however long they have waited; and back-fill never has more than half of the places (but one
 * at least), so that a fresh batch that comes finds one of the others free, or free as soon as a live one is stored. Within
 * a lane the first that came is the first that goes. Back-fill waits for as long as fresh results do: that is meant, for
 * agents keep it.
 *
 * <p>Safe for all threads. {@link #enter} never waits, {@link #pass} waits for its turn.
 */
final class IngestGate {
    private final int places;
    private final int backFillPlaces;
    private final Deque<Runnable> live = new ArrayDeque<>();
    private final Deque<Runnable> backFill = new ArrayDeque<>();
    private int taken;
    private int takenByBackFill;

    /**
     * Makes a gate that is idle.
     *
     * @param places how many batches are stored at the same time, from 1
     */
    IngestGate(int places) {
        if (places < 1) {
            throw new IllegalArgumentException("a gate without a place lets nobody pass");
        }
        this.places = places;
        this.backFillPlaces = Math.max(1, places / 2);
    }

    /** Does the work when it is its turn; {@code stopping} is the answer where the waiting thread is interrupted. */
    <T> T pass(Lane lane, Supplier<T> work, T stopping) {
        CountDownLatch called = new CountDownLatch(1);
        Runnable turn = called::countDown;
        enter(lane, turn);
        try {
            called.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!withdraw(lane, turn)) {
                leave(lane);
            }
            return stopping;
        }
        try {
            return work.get();
        } finally {
            leave(lane);
        }
    }

    /**
     * Calls {@code turn}, which doesn't wait, once there is a place: at once, or by whoever {@linkplain #leave leaves} one.
     */
    void enter(Lane lane, Runnable turn) {
        List<Runnable> called;
        synchronized (this) {
            waiting(lane).addLast(turn);
            called = callNext();
        }
        called.forEach(Runnable::run);
    }

    /** Gives a place back that was entered for this lane. */
    void leave(Lane lane) {
        List<Runnable> called;
        synchronized (this) {
            taken--;
            if (lane == Lane.BACK_FILL) {
                takenByBackFill--;
            }
            called = callNext();
        }
        called.forEach(Runnable::run);
    }

    /** Waits no longer; false where its turn has come already, so that its place has to be left. */
    private synchronized boolean withdraw(Lane lane, Runnable turn) {
        return waiting(lane).remove(turn);
    }

    private List<Runnable> callNext() {
        List<Runnable> called = new ArrayList<>();
        while (taken < places) {
            if (!live.isEmpty()) {
                called.add(live.removeFirst());
            } else if (!backFill.isEmpty() && takenByBackFill < backFillPlaces) {
                called.add(backFill.removeFirst());
                takenByBackFill++;
            } else {
                break;
            }
            taken++;
        }
        return called;
    }

    private Deque<Runnable> waiting(Lane lane) {
        return switch (lane) {
            case LIVE -> live;
            case BACK_FILL -> backFill;
        };
    }
}
