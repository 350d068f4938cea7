package io.postwatch.controller.identity;

import io.postwatch.controller.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Argon2id with 19 MiB, two passes, one lane. Any thread calls it; only a few hash at the same time, the others wait a
 * little and are then refused, so that a flood of sign-ins takes neither the memory nor the processors.
 */
final class PasswordHashes {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Argon2PasswordEncoder encoder =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    private final Semaphore places;
    private final String ofNobody;

    PasswordHashes(int atTheSameTime) {
        places = new Semaphore(atTheSameTime);
        ofNobody = encoder.encode("the password of nobody");
    }

    String hash(String password) {
        return bounded(() -> encoder.encode(password));
    }

    /** Whether the password is the hash's. Takes as long for a user who doesn't exist, whose hash is null. */
    boolean matches(String password, @Nullable String hash) {
        return bounded(() -> encoder.matches(password, hash == null ? ofNobody : hash)) && hash != null;
    }

    private <T> T bounded(Supplier<T> work) {
        try {
            if (!places.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProblemException.tooManyRequests("Too many people sign in right now.", LONGEST_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting to hash", e);
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
