package io.postwatch.controller.secret;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.UUID;

/** A tenant's key in the clear: encrypts its secrets, each for its own tenant and id. */
record DataKey(UUID id, AesGcmJce cipher) {
    static DataKey of(UUID id, byte[] key) {
        try {
            return new DataKey(id, new AesGcmJce(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no AES-256-GCM", e);
        }
    }

    byte[] encrypt(byte[] plaintext, byte[] context) {
        try {
            return cipher.encrypt(plaintext, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A secret could not be encrypted", e);
        }
    }

    byte[] decrypt(byte[] ciphertext, byte[] context) {
        try {
            return cipher.decrypt(ciphertext, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored secret is not what was stored", e);
        }
    }

    /** What a ciphertext is bound to. */
    static byte[] context(UUID tenant, UUID id) {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(tenant.getMostSignificantBits())
                .putLong(tenant.getLeastSignificantBits())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
