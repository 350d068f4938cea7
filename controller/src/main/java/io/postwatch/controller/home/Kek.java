package io.postwatch.controller.home;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** One key-encryption key: 32 random bytes, from which everything it does is derived, and its line in a file. */
final class Kek {
    private static final String PREFIX = "postwatch-kek-1:";
    private static final int BYTES = 32;
    private static final int ID_BYTES = 16;

    private final SecretKey key;
    private final AesGcmJce wrapping;
    private final KekId id;

    private Kek(byte[] key) {
        this.key = new SecretKeySpec(key, "Generic");
        try {
            this.wrapping = new AesGcmJce(derive("wrap", BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no AES-256-GCM", e);
        }
        this.id = KekId.of(derive("key check", ID_BYTES));
    }

    static Kek fresh() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return new Kek(key);
    }

    /** Empty for a line that isn't a key's. */
    static Optional<Kek> of(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] key = Base64.getDecoder().decode(line.substring(PREFIX.length()));
            return key.length == BYTES ? Optional.of(new Kek(key)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String line() {
        return PREFIX + Base64.getEncoder().encodeToString(key.getEncoded());
    }

    KekId id() {
        return id;
    }

    byte[] wrap(byte[] plain, byte[] context) {
        try {
            return wrapping.encrypt(plain, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A key could not be wrapped", e);
        }
    }

    byte[] unwrap(byte[] wrapped, byte[] context) {
        try {
            return wrapping.decrypt(wrapped, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "A key could not be unwrapped: it was wrapped by another key-encryption key or for another purpose",
                    e);
        }
    }

    byte[] derive(String purpose, int length) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA256");
            byte[] info = ("postwatch " + purpose).getBytes(StandardCharsets.UTF_8);
            return hkdf.deriveData(HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no HKDF-SHA256", e);
        }
    }
}
