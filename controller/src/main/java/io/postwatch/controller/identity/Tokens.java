package io.postwatch.controller.identity;

import io.postwatch.controller.shared.Digests;
import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable texts, and what is stored of them. */
final class Tokens {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Tokens() {}

    static String fresh(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** A fast hash is enough: what is hashed has more than 128 bits of randomness. */
    static byte[] hash(String token) {
        return Digests.sha256(token);
    }
}
