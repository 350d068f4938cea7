package io.postwatch.agent.probe.bounds;

import java.util.Objects;
import java.util.concurrent.Callable;

/** What objects hold of the heap. */
public final class HeldMemory {

    /** So many that what else happens in the machine does not count. */
    private static final int COUNT = 200;

    private HeldMemory() {}

    /** In bytes, of one of these with all it holds alone. */
    public static long ofEach(Callable<Object> make) throws Exception {
        Object[] held = new Object[COUNT];
        held[0] = make.call();
        long before = used();
        for (int i = 1; i < COUNT; i++) {
            held[i] = make.call();
        }
        long after = used();
        // Read once more, so that nothing of it is given back before it was counted.
        Objects.requireNonNull(held[COUNT - 1]);
        return (after - before) / (COUNT - 1);
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
