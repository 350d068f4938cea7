package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How fast agents are let in. All agents of a controller come back at once when it has been away; without a gate their
 * hellos would take every connection to the database from the results of those that are in already, and from people.
 * Callers wait for an earlier hello of the same agent ({@link HelloLines}), for their turn, and for their place, and those
 * that would wait too long are told at once. Whoever is gone waits no longer; and nobody waits for a database that is away.
 * Safe for all threads.
 */
public final class AdmissionGate {
    private final int perSecond;
    private final int atOnce;
    private final Duration patience;
    private final NanoTicker ticker;
    private final HelloLines lines = new HelloLines();
    private final Places places;
    private final HelloWait.Together together = new HelloWait.Together();

    private long nextTurn;
    private boolean used;
    private int failures;

    /** What an admission tells of the database. */
    public enum Database {
        ANSWERED,
        AWAY,
        NOT_ASKED
    }

    /**
     * What is answered to those that are not judged.
     *
     * @param busy to one that would wait too long, or that a later hello of its agent replaces
     * @param gone to one whose session is over; nobody hears it
     * @param away where the database is
     * @param told what an answer tells of the database
     */
    public record Answers<T>(T busy, T gone, T away, Function<T, Database> told) {}

    /**
     * Makes a gate that is idle.
     *
     * @param perSecond how many are let in, evenly
     * @param atOnce how many hellos are judged at the same time
     * @param patience how long one waits in all until it is judged
     */
    public AdmissionGate(int perSecond, int atOnce, Duration patience, NanoTicker ticker) {
        this.perSecond = perSecond;
        this.atOnce = atOnce;
        this.patience = patience;
        this.ticker = ticker;
        this.places = new Places(atOnce);
    }

    /** Lets the caller in when it is its turn. */
    public <T> T pass(AgentId agent, SessionEnd end, Supplier<T> admission, Answers<T> answers) {
        HelloWait wait = new HelloWait(together, end, patience, ticker);
        try {
            if (!lines.enter(agent, wait)) {
                return inVain(wait, answers);
            }
            try {
                return takeTurn(wait) && places.enter(wait) ? judge(wait, admission, answers) : inVain(wait, answers);
            } finally {
                lines.leave(agent);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return answers.busy();
        }
    }

    private static <T> T inVain(HelloWait wait, Answers<T> answers) {
        if (wait.isGone()) {
            return answers.gone();
        }
        return wait.isReleased() ? answers.away() : answers.busy();
    }

    /** In a place, which is left. */
    private <T> T judge(HelloWait wait, Supplier<T> admission, Answers<T> answers) {
        try {
            if (wait.isGone() || wait.isReleased()) {
                return inVain(wait, answers);
            }
            T answer = admission.get();
            note(answers.told().apply(answer));
            return answer;
        } finally {
            places.leave();
        }
    }

    /** As many failures in a row as there are places are no accident: nobody is to wait for one of their own. */
    private void note(Database told) {
        synchronized (this) {
            failures = switch (told) {
                case ANSWERED -> 0;
                case AWAY -> failures + 1;
                case NOT_ASKED -> failures;
            };
            if (told != Database.AWAY || failures < atOnce) {
                return;
            }
            failures = 0;
            // The turns of those that are released are nobody's.
            used = false;
        }
        together.release();
    }

    private boolean takeTurn(HelloWait wait) throws InterruptedException {
        if (wait.isGone() || wait.isReleased()) {
            return false;
        }
        long left = wait.left();
        long now = ticker.nanos();
        long turn = takeTurn(now, left);
        if (turn > left) {
            return false;
        }
        if (turn > 0) {
            wait.pass(turn);
        }
        if (wait.isGone()) {
            giveBack(now + turn);
        }
        return !wait.isGone() && !wait.isReleased();
    }

    /** How long until the caller's turn, in nanoseconds. A turn that would come too late is not taken. */
    synchronized long takeTurn(long now, long atMost) {
        if (!used || nextTurn - now < 0) {
            used = true;
            nextTurn = now;
        }
        long wait = nextTurn - now;
        if (wait <= atMost) {
            nextTurn += step();
        }
        return wait;
    }

    /**
     * The last turn that was taken is free again: one agent that comes and goes, as fast as it can, holds up nobody. Turns
     * before the last are lost, for others stand behind them.
     */
    synchronized void giveBack(long turn) {
        if (nextTurn == turn + step()) {
            nextTurn = turn;
        }
    }

    private long step() {
        return TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
}
