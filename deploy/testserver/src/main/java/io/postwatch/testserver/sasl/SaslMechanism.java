package io.postwatch.testserver.sasl;

import java.util.Arrays;
import java.util.Optional;

/** The mechanisms this server can conduct. */
public enum SaslMechanism {
    PLAIN("PLAIN"),
    LOGIN("LOGIN"),
    CRAM_MD5("CRAM-MD5"),
    SCRAM_SHA_1("SCRAM-SHA-1"),
    SCRAM_SHA_256("SCRAM-SHA-256"),
    XOAUTH2("XOAUTH2"),
    OAUTHBEARER("OAUTHBEARER");

    private final String registered;

    SaslMechanism(String registered) {
        this.registered = registered;
    }

    /** The mechanism of that name, in any case. */
    public static Optional<SaslMechanism> named(String name) {
        return Arrays.stream(values())
                .filter(mechanism -> mechanism.registered.equalsIgnoreCase(name))
                .findFirst();
    }
}
