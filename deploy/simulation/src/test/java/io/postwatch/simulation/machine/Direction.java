package io.postwatch.simulation.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: messages arrive late, in order, and are given to the receiver one by one as it asks for
 * them. The sender has room while few are under way. What was lost is lost for good.
 */
final class Direction<T> {

    /** Messages under way or waiting at the receiver, above which the sender has no room. */
    static final int WINDOW = 16;

    private final VirtualTime time;
    private final SimulatedProcess receiver;
    private final Supplier<Duration> latency;
    private final Consumer<T> messages;
    private final Runnable roomAgain;
    private final Queue<Arrived<T>> arrived = new ArrayDeque<>();
    private long lastArrival;
    private int underWay;
    private int asked;
    private boolean handing;
    private boolean lossy;
    private boolean closed;

    /** A message, or the end. */
    private record Arrived<T>(@Nullable T message, @Nullable Runnable end) {}

    Direction(
            VirtualTime time,
            SimulatedProcess receiver,
            Supplier<Duration> latency,
            Consumer<T> messages,
            Runnable roomAgain) {
        this.time = time;
        this.receiver = receiver;
        this.latency = latency;
        this.messages = messages;
        this.roomAgain = roomAgain;
    }

    boolean hasRoom() {
        return underWay < WINDOW;
    }

    int underWay() {
        return underWay;
    }

    void send(T message) {
        underWay++;
        carry(new Arrived<>(message, null));
    }

    /** The sender says nothing more; the receiver hears so after all that was said before. */
    void end(Runnable heard) {
        carry(new Arrived<>(null, heard));
    }

    private void carry(Arrived<T> item) {
        if (lossy || closed) {
            return;
        }
        lastArrival = Math.max(lastArrival, time.nanos() + latency.get().toNanos());
        time.after(Duration.ofNanos(lastArrival - time.nanos()), () -> {
            if (!lossy && !closed) {
                receiver.run(() -> {
                    arrived.add(item);
                    handOver();
                });
            }
        });
    }

    void ask(int more) {
        asked += more;
        handOver();
    }

    private void handOver() {
        if (handing) {
            return;
        }
        handing = true;
        try {
            while (!closed && !arrived.isEmpty()) {
                Arrived<T> next = arrived.element();
                T message = next.message();
                if (message != null) {
                    if (asked == 0) {
                        return;
                    }
                    asked--;
                    arrived.remove();
                    took();
                    messages.accept(message);
                } else if (next.end() != null) {
                    arrived.remove();
                    next.end().run();
                }
            }
        } finally {
            handing = false;
        }
    }

    private void took() {
        boolean full = !hasRoom();
        underWay--;
        if (full && hasRoom()) {
            time.after(Duration.ZERO, roomAgain);
        }
    }

    /** Nothing arrives any more that has not arrived yet. */
    void lose() {
        lossy = true;
    }

    /** Nothing is handed over any more. */
    void close() {
        closed = true;
        arrived.clear();
    }
}
