package io.postwatch.controller.shared;

/** The first part of a failure: where to look. */
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
    AGENT
}
