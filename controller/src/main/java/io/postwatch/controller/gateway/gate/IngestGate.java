package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.evaluation.Lane;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * How many batches of results are stored at once, and whose turn is next. Live first: a batch of fresh results goes before
 * all of back-fill that wait, however long they have waited; and back-fill never has more than half of the places (but one
 * at least), so that a fresh batch that comes finds one of the others free, or free as soon as a live one is stored. Within
 * a lane the first that came is the first that goes. Back-fill waits for as long as fresh results do: that is meant, for
 * agents keep it. The batch of a session that is over waits no longer.
 *
 * <p>Safe for all threads. {@link #enter} never waits, {@link #pass} waits for its turn.
 */
public final class IngestGate {
    private final int places;
    private final int backFillPlaces;
    private final long crowd;
    private final Set<Turn> live = new LinkedHashSet<>();
    private final Set<Turn> backFill = new LinkedHashSet<>();
    private long waitingBytes;
    private long freshBytes;
    private int taken;
    private int takenByBackFill;

    /**
     * Makes a gate that is idle.
     *
     * @param places how many batches are stored at the same time, from 1
     * @param crowd how many bytes may wait before it is {@linkplain #isCrowded crowded}, of fresh results alone or of all
     */
    public IngestGate(int places, long crowd) {
        if (places < 1) {
            throw new IllegalArgumentException("a gate without a place lets nobody pass");
        }
        this.places = places;
        this.backFillPlaces = Math.max(1, places / 2);
        this.crowd = crowd;
    }

    /** Of one batch; each is another. */
    static final class Turn {
        private final Lane lane;
        private final long bytes;
        private final Runnable call;
        private boolean called;

        private Turn(Lane lane, long bytes, Runnable call) {
            this.lane = lane;
            this.bytes = bytes;
            this.call = call;
        }
    }

    /**
     * Does the work when it is its turn; {@code unused} is the answer where the session ends before, or the waiting thread
     * is interrupted.
     */
    public <T> T pass(Lane lane, long bytes, SessionEnd end, Supplier<T> work, T unused) {
        CountDownLatch called = new CountDownLatch(1);
        Turn turn = enter(lane, bytes, called::countDown);
        Runnable withdrawal = () -> {
            withdraw(turn);
            called.countDown();
        };
        end.tell(withdrawal);
        boolean interrupted = false;
        try {
            called.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted = true;
        } finally {
            end.forget(withdrawal);
        }
        if (withdraw(turn)) {
            return unused;
        }
        try {
            return interrupted || end.hasCome() ? unused : work.get();
        } finally {
            leave(lane);
        }
    }

    /**
     * Makes the call, which doesn't wait, once there is a place: at once, or by whoever {@linkplain #leave leaves} one.
     */
    Turn enter(Lane lane, long bytes, Runnable call) {
        Turn turn = new Turn(lane, bytes, call);
        List<Turn> called;
        synchronized (this) {
            waiting(lane).add(turn);
            count(lane, bytes);
            called = callNext();
        }
        called.forEach(next -> next.call.run());
        return turn;
    }

    /** Gives a place back that was entered for this lane. */
    void leave(Lane lane) {
        List<Turn> called;
        synchronized (this) {
            taken--;
            if (lane == Lane.BACK_FILL) {
                takenByBackFill--;
            }
            called = callNext();
        }
        called.forEach(next -> next.call.run());
    }

    /**
     * Whether so much waits that an agent of which a batch of this lane waits should bring nothing more. Where its back-fill
     * alone waits, only fresh results count, since what it brings next may be fresh: back-fill never holds that up.
     */
    public synchronized boolean isCrowded(Lane lane) {
        return switch (lane) {
            case LIVE -> waitingBytes > crowd;
            case BACK_FILL -> freshBytes > crowd;
        };
    }

    private void count(Lane lane, long bytes) {
        waitingBytes += bytes;
        if (lane == Lane.LIVE) {
            freshBytes += bytes;
        }
    }

    /** How many batches wait for their turn. */
    synchronized int waiting() {
        return live.size() + backFill.size();
    }

    /** Waits no longer; false where its turn has come already, so that its place has to be left. */
    private synchronized boolean withdraw(Turn turn) {
        if (waiting(turn.lane).remove(turn)) {
            count(turn.lane, -turn.bytes);
        }
        return !turn.called;
    }

    private List<Turn> callNext() {
        List<Turn> called = new ArrayList<>();
        while (taken < places) {
            if (!live.isEmpty()) {
                called.add(first(live));
            } else if (!backFill.isEmpty() && takenByBackFill < backFillPlaces) {
                called.add(first(backFill));
                takenByBackFill++;
            } else {
                break;
            }
            taken++;
        }
        return called;
    }

    private Turn first(Set<Turn> waiting) {
        Iterator<Turn> turns = waiting.iterator();
        Turn first = turns.next();
        turns.remove();
        count(first.lane, -first.bytes);
        first.called = true;
        return first;
    }

    private Set<Turn> waiting(Lane lane) {
        return switch (lane) {
            case LIVE -> live;
            case BACK_FILL -> backFill;
        };
    }
}
