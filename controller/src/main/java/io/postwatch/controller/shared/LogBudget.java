package io.postwatch.controller.shared;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How much may be logged of what agents do wrong: ten lines a minute, however often they do it. What was left out is counted
 * and told with the next line. Safe for all threads.
 */
public final class LogBudget {
    static final int LINES = 10;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private boolean used;
    private long began;
    private int lines;
    private long leftOut;

    /**
     * Lets the line be written, where there is room for it; what it is given belongs to its end.
     *
     * @param now on the monotonic clock
     */
    public void spend(long now, Consumer<String> line) {
        String end;
        synchronized (this) {
            if (!used || now - began >= WINDOW) {
                used = true;
                began = now;
                lines = 0;
            }
            if (lines == LINES) {
                leftOut++;
                return;
            }
            lines++;
            end = leftOut == 0 ? "" : " (" + leftOut + " more like this since the last one)";
            leftOut = 0;
        }
        line.accept(end);
    }
}
