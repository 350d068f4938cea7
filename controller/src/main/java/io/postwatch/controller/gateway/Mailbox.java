package io.postwatch.controller.gateway;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What one session has to handle: inputs in the order in which they came, taken by one thread at a time, each of which sees
 * what the one before wrote. Any thread may put one in, and never waits.
 */
final class Mailbox<T> {
    private final Queue<T> inputs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Executor executor;
    private final Consumer<T> taker;

    /**
     * Makes an empty one.
     *
     * @param executor begins a thread that takes inputs, where none does
     */
    Mailbox(Executor executor, Consumer<T> taker) {
        this.executor = executor;
        this.taker = taker;
    }

    void put(T input) {
        if (add(input)) {
            executor.execute(this::takeAll);
        }
    }

    /** For a thread that has nothing else to do: it takes what came itself, where no other does. */
    void putAndTake(T input) {
        if (add(input)) {
            takeAll();
        }
    }

    /** Whether all that came is handled. */
    boolean isIdle() {
        return pending.get() == 0;
    }

    /** True where nobody takes inputs. */
    private boolean add(T input) {
        inputs.add(input);
        return pending.getAndIncrement() == 0;
    }

    private void takeAll() {
        int done = 1;
        do {
            for (int i = 0; i < done; i++) {
                taker.accept(inputs.remove());
            }
            done = pending.addAndGet(-done);
        } while (done > 0);
    }
}
