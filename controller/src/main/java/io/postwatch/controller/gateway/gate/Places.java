package io.postwatch.controller.gateway.gate;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** So many hellos are judged at once; of those that wait the first that came is the next. Safe for all threads. */
final class Places {
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private int free;

    Places(int atOnce) {
        this.free = atOnce;
    }

    private static final class Waiting {
        private final CountDownLatch called = new CountDownLatch(1);
        private boolean mine;
    }

    /**
     * Waits for a place.
     *
     * @return whether one came in time; then it has to be {@linkplain #leave left}
     */
    boolean enter(HelloWait wait) throws InterruptedException {
        Waiting me = new Waiting();
        synchronized (this) {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.add(me);
        }
        boolean entered = false;
        try {
            wait.until(me.called);
            entered = isMine(me);
            return entered;
        } finally {
            if (!entered && isMine(me)) {
                leave();
            }
        }
    }

    /** Whether it was called. Where it was not, it waits no longer. */
    private synchronized boolean isMine(Waiting me) {
        waiting.remove(me);
        return me.mine;
    }

    synchronized void leave() {
        if (waiting.isEmpty()) {
            free++;
            return;
        }
        Waiting next = waiting.iterator().next();
        waiting.remove(next);
        next.mine = true;
        next.called.countDown();
    }
}
