package io.postwatch.simulation.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last things that happened, one line each, for whoever has to find out why a seed failed. */
public final class Trace {

    private static final int LINES = 80;

    private final VirtualTime time;
    private final Deque<String> last = new ArrayDeque<>();
    private long digest = 1;

    public Trace(VirtualTime time) {
        this.time = time;
    }

    public void note(String who, String what) {
        long millis = Duration.ofNanos(time.nanos()).toMillis();
        String line = String.format("%7d.%03d %-8s %s", millis / 1000, millis % 1000, who, what);
        digest = digest * 31 + line.hashCode();
        last.addLast(line);
        if (last.size() > LINES) {
            last.removeFirst();
        }
    }

    /** Differs where anything that was noted differs. */
    public long digest() {
        return digest;
    }

    @Override
    public String toString() {
        return String.join("\n", last);
    }
}
