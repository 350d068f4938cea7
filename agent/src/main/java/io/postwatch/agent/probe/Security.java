package io.postwatch.agent.probe;

/** How a connection is protected. */
public enum Security {
    /** Not at all. */
    NONE,
    /** TLS after a plaintext greeting; required, never falls back. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS
}
