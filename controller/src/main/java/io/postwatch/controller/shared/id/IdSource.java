package io.postwatch.controller.shared.id;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the ids of new things: UUIDv7 (RFC 9562, section 5.7), which sort by the millisecond they were made in. Safe for all threads. */
public final class IdSource {
    private static final long MILLIS_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long VERSION_7 = 0x7000L;
    private static final long RFC_VARIANT = 0x8000_0000_0000_0000L;

    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Takes time and randomness from what it is given.
     *
     * @param random unguessable in production; seeded in tests
     */
    public IdSource(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public static IdSource secure(InstantSource clock) {
        return new IdSource(clock, new SecureRandom());
    }

    public UUID next() {
        long millis = clock.millis() & MILLIS_MASK;
        long high = (millis << 16) | VERSION_7 | (random.nextLong() & 0xFFFL);
        long low = RFC_VARIANT | (random.nextLong() >>> 2);
        return new UUID(high, low);
    }
}
