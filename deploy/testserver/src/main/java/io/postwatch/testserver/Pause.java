package io.postwatch.testserver;

import java.time.Duration;

/** The one place where this server waits. */
final class Pause {

    private Pause() {}

    /** An interrupt ends the pause; the thread's next blocking call sees it. */
    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
