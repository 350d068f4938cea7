package io.postwatch.controller.shared;

import java.util.Locale;

/** A timed step of a run, in the order in which steps may occur.  */
public enum Phase {
    RESOLVE(1),
    CONNECT(2),
    TLS(3),
    GREETING(4),
    CAPABILITY(5),
    STARTTLS(6),
    AUTH(7),
    SELECT(8),
    MAIL(9),
    RCPT(10),
    DATA(11),
    DELIVER(12),
    FETCH(13),
    QUIT(14);

    private final short number;

    Phase(int number) {
        this.number = (short) number;
    }

    /** The name in API and console: {@code starttls}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The number that is stored; fixed for ever. */
    public short number() {
        return number;
    }

    public static Phase ofNumber(short number) {
        for (Phase phase : values()) {
            if (phase.number == number) {
                return phase;
            }
        }
        throw new IllegalArgumentException("No phase has the number " + number);
    }
}
