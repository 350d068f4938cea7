package io.postwatch.agent.probe.bounds;

import java.time.Duration;

/** What the records of the prober demand of their components. Each throws {@link IllegalArgumentException}. */
public final class Checks {

    private Checks() {}

    public static void positive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    public static void notNegative(Duration value, String name) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }

    public static void notNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }

    public static void port(int value) {
        if (value < 1 || value > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535: " + value);
        }
    }

    /** Refuses what could end or split a line of a protocol. Never tells the value: it may be a secret. */
    public static void singleLine(String value, String name) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " must not contain CR, LF or NUL");
        }
    }
}
