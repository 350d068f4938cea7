package io.postwatch.controller.enrolment;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that no controller has to remember: the time of issue and 16 random bytes under a MAC whose key all controllers
 * of the platform share. One may be used more than once within its two minutes; what it is signed over is idempotent.
 */
final class Challenges {
    static final Duration LIFETIME = Duration.ofMinutes(2);
    /** Clocks of two controllers may differ by as much. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int RANDOM_BYTES = 16;
    private static final int BODY_BYTES = Long.BYTES + RANDOM_BYTES;
    private static final int NONCE_BYTES = BODY_BYTES + 32;

    private final SecretKeySpec key;
    private final SecureRandom random;
    private final InstantSource clock;

    Challenges(byte[] key, SecureRandom random, InstantSource clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.random = random;
        this.clock = clock;
    }

    byte[] issue() {
        byte[] salt = new byte[RANDOM_BYTES];
        random.nextBytes(salt);
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .putLong(clock.instant().toEpochMilli())
                .put(salt)
                .array();
        return ByteBuffer.allocate(NONCE_BYTES).put(body).put(mac(body)).array();
    }

    /** Whether it was made with this key. */
    boolean isOurs(byte[] nonce) {
        return nonce.length == NONCE_BYTES
                && MessageDigest.isEqual(
                        mac(Arrays.copyOf(nonce, BODY_BYTES)), Arrays.copyOfRange(nonce, BODY_BYTES, NONCE_BYTES));
    }

    boolean isFresh(byte[] nonce) {
        if (!isOurs(nonce)) {
            return false;
        }
        Instant issued = issuedAt(nonce);
        Instant now = clock.instant();
        return !issued.isAfter(now.plus(TOLERANCE)) && !now.isAfter(issued.plus(LIFETIME));
    }

    /** When a fresh one was issued, by the clock of whoever issued it. */
    static Instant issuedAt(byte[] fresh) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(fresh).getLong());
    }

    private byte[] mac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
