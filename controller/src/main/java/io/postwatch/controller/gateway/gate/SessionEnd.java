package io.postwatch.controller.gateway.gate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Whether a session is over, for those who work for it beside its own thread. Who would otherwise wait in vain is told at
 * once. Safe for all threads.
 */
public final class SessionEnd {
    private final BooleanSupplier gone;
    private final Set<Runnable> toTell = new LinkedHashSet<>();
    private boolean come;

    /**
     * Makes the end of a session that stands.
     *
     * @param gone whether its agent is gone, of which nobody may have been told yet
     */
    public SessionEnd(BooleanSupplier gone) {
        this.gone = gone;
    }

    public boolean hasCome() {
        synchronized (this) {
            if (come) {
                return true;
            }
        }
        return gone.getAsBoolean();
    }

    /** Calls back when the session ends, or now where it has ended; what is called doesn't wait. */
    void tell(Runnable callBack) {
        synchronized (this) {
            if (!come) {
                toTell.add(callBack);
                return;
            }
        }
        callBack.run();
    }

    synchronized void forget(Runnable callBack) {
        toTell.remove(callBack);
    }

    /** The session is over. */
    public void come() {
        List<Runnable> told;
        synchronized (this) {
            come = true;
            told = List.copyOf(toTell);
            toTell.clear();
        }
        told.forEach(Runnable::run);
    }
}
