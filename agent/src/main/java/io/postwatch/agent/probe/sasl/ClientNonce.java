package io.postwatch.agent.probe.sasl;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What makes an exchange unlike any before (RFC 5802, section 5.1).
 *
 * @param text printable ASCII without comma
 */
record ClientNonce(String text) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** In bytes: what nobody guesses and never comes twice. */
    private static final int SIZE = 18;

    ClientNonce {
        if (!text.matches("[!-+\\--~]+")) {
            throw new IllegalArgumentException("a nonce is printable ASCII without comma");
        }
    }

    /** One that was never there. */
    static ClientNonce random() {
        byte[] bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return new ClientNonce(Base64.getEncoder().encodeToString(bytes));
    }
}
