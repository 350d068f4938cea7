package io.postwatch.simulation.machine;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The one source of everything that could have been otherwise: the same seed is the same story. */
public final class Chance {

    private final SplittableRandom random;

    public Chance(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public RandomGenerator generator() {
        return random;
    }

    /** Once in so many times. */
    public boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** From the least to the most, both included. */
    public int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    public Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos() + 1));
    }

    /** Mostly near the least, now and then near the most. */
    public Duration mostlyNear(Duration least, Duration most) {
        double draw = random.nextDouble();
        return least.plusNanos(Math.round((most.toNanos() - least.toNanos()) * draw * draw * draw));
    }

    public <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    public UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
