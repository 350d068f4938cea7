package io.postwatch.agent.probe.tls;

import java.util.concurrent.Semaphore;

/**
 * How much of the memory large chains may take, of all runs together. Chains of up to {@value #ALWAYS} bytes, as nearly
 * all are, always have room. Any thread may call it.
 */
final class ChainRoom {

    static final int ALWAYS = 8 * 1024;

    private static final int BYTES = 4 * 1024 * 1024;

    private final Semaphore free;

    ChainRoom() {
        this(BYTES);
    }

    ChainRoom(int bytes) {
        this.free = new Semaphore(bytes);
    }

    /** Whether there is room for a chain of that size; if so, it is taken until it is left. */
    boolean take(int bytes) {
        return bytes <= ALWAYS || free.tryAcquire(bytes);
    }

    void leave(int bytes) {
        if (bytes > ALWAYS) {
            free.release(bytes);
        }
    }
}
