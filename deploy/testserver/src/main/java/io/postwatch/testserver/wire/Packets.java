package io.postwatch.testserver.wire;

import java.util.Random;
import java.util.function.IntSupplier;

/** How what a server sends is cut into packets. Inside TLS each piece becomes a record, and the record is cut again. */
@FunctionalInterface
public interface Packets {

    /** Begins a connection: supplies the size of one packet after the other, each at least 1. */
    IntSupplier begin();

    /** As it was written. */
    static Packets whole() {
        return ofSize(Integer.MAX_VALUE);
    }

    static Packets ofSize(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a packet has at least one byte");
        }
        return () -> () -> bytes;
    }

    /** The same sizes for the same seed, from 1 to the largest. */
    static Packets random(long seed, int largest) {
        if (largest < 1) {
            throw new IllegalArgumentException("a packet has at least one byte");
        }
        return () -> {
            Random random = new Random(seed);
            return () -> 1 + random.nextInt(largest);
        };
    }
}
