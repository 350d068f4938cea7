package io.postwatch.testserver;

import java.util.concurrent.CountDownLatch;

/** The end of a server, which connections can wait for. */
final class Closing {

    private final CountDownLatch begun = new CountDownLatch(1);

    void begin() {
        begun.countDown();
    }

    boolean hasBegun() {
        return begun.getCount() == 0;
    }

    /** An interrupt ends the waiting. */
    void await() {
        try {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
