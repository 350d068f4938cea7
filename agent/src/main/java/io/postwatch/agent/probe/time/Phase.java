package io.postwatch.agent.probe.time;

import java.util.Locale;

/** A timed step of a run. */
public enum Phase {
    RESOLVE,
    CONNECT,
    TLS,
    GREETING,
    CAPABILITY,
    STARTTLS,
    AUTH,
    SELECT,
    MAIL,
    RCPT,
    DATA,
    DELIVER,
    FETCH,
    QUIT;

    /** The phase's name in lower case, as people and machines read it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
