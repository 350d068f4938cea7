package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.shared.Bytes;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Wraps keys by the key-encryption key that all controllers of the database use now, and unwraps those of former ones too.
 * Safe for all threads.
 */
@Component
public class KeyWrapping {
    private final JdbcClient jdbc;
    private final KekProvider keks;

    KeyWrapping(JdbcClient jdbc, KekProvider keks) {
        this.jdbc = jdbc;
        this.keks = keks;
    }

    /**
     * Encrypts a key, inside the caller's transaction: until that ends nobody changes to another key-encryption key, so that
     * none is found unused which this one is about to need.
     *
     * @param context what the key is for; the same bytes are needed to unwrap it
     */
    public WrappedKey wrap(byte[] key, byte[] context) {
        KekId current = KekId.of(jdbc.sql("SELECT key_check FROM platform FOR SHARE")
                .query((row, n) -> row.getBytes(1))
                .single());
        requireHeld(current);
        return new WrappedKey(current, Bytes.of(keks.wrap(current, key, context)));
    }

    /**
     * Decrypts what {@link #wrap} gave; throws {@link IllegalStateException} where it was damaged or is for something else,
     * and a {@code DataAccessException} where this controller doesn't have the key-encryption key.
     */
    public byte[] unwrap(WrappedKey key, byte[] context) {
        requireHeld(key.by());
        return keks.unwrap(key.by(), key.wrapped().toArray(), context);
    }

    boolean holds(KekId key) {
        return keks.held().contains(key);
    }

    private void requireHeld(KekId key) {
        if (!holds(key)) {
            throw new KeyMissingException(key);
        }
    }
}
