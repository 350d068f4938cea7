package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How fast agents are let in. All agents of a controller come back at once when it has been away; without a gate their
 * hellos would take every connection to the database from the results of those that are in already, and from people.
 * Callers wait for their turn, and those whose turn would come too late are told at once. One agent has one turn and one
 * place at a time ({@link HelloLines}). Safe for all threads.
 */
public final class AdmissionGate {
    private final int perSecond;
    private final Duration patience;
    private final NanoTicker ticker;
    private final Semaphore places;
    private final HelloLines lines = new HelloLines();
    /** Nobody opens it: what waits for it waits for a time. */
    private final CountDownLatch closed = new CountDownLatch(1);

    private long nextTurn;
    private boolean used;

    /**
     * Makes a gate that is idle.
     *
     * @param perSecond how many are let in, evenly
     * @param atOnce how many hellos are judged at the same time
     * @param patience how long one waits for an earlier hello of the same agent, then for its turn, and then for its place
     */
    public AdmissionGate(int perSecond, int atOnce, Duration patience, NanoTicker ticker) {
        this.perSecond = perSecond;
        this.patience = patience;
        this.ticker = ticker;
        this.places = new Semaphore(atOnce, true);
    }

    /** Lets the caller in when it is its turn; {@code busy} is the answer to one whose turn would come too late. */
    public <T> T pass(AgentId agent, Supplier<T> admission, T busy) {
        try {
            if (!lines.enter(agent, patience)) {
                return busy;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return busy;
        }
        try {
            return pass(admission, busy);
        } finally {
            lines.leave(agent);
        }
    }

    private <T> T pass(Supplier<T> admission, T busy) {
        try {
            long wait = takeTurn(ticker.nanos());
            if (wait > patience.toNanos() || (wait > 0 && closed.await(wait, TimeUnit.NANOSECONDS))) {
                return busy;
            }
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return busy;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return busy;
        }
        try {
            return admission.get();
        } finally {
            places.release();
        }
    }

    /** How long until the caller's turn, in nanoseconds. A turn that would come too late is not taken. */
    synchronized long takeTurn(long now) {
        if (!used || nextTurn - now < 0) {
            used = true;
            nextTurn = now;
        }
        long wait = nextTurn - now;
        if (wait <= patience.toNanos()) {
            nextTurn += TimeUnit.SECONDS.toNanos(1) / perSecond;
        }
        return wait;
    }
}
