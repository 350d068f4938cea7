package io.postwatch.agent.probe.failure;

import java.util.Locale;

/** What kind of thing went wrong. */
public enum FailureCategory {
    DNS,
    CONNECT,
    TLS,
    CERTIFICATE,
    STARTTLS,
    PROTOCOL,
    SERVICE,
    AUTH,
    TIMEOUT,
    SLOW,
    POLICY,
    AGENT;

    /** The category's name in lower case, as people and machines read it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether such a failure says something about the target: a run that failed otherwise is {@code NO_DATA}. */
    public boolean tellsOfTarget() {
        return this != POLICY && this != AGENT;
    }
}
