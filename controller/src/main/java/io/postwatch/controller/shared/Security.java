package io.postwatch.controller.shared;

/** How a connection is protected. STARTTLS is required and never falls back. */
public enum Security {
    NONE,
    STARTTLS,
    TLS
}
