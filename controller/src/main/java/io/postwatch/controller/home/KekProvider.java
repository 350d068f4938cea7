package io.postwatch.controller.home;

/** The key-encryption key, wherever it is kept: it wraps other keys and is never seen itself. */
public interface KekProvider {
    /**
     * Encrypts a key.
     *
     * @param context what the key is for; the same bytes are needed to unwrap it
     */
    byte[] wrap(byte[] key, byte[] context);

    /** Decrypts what {@link #wrap} gave; throws {@link IllegalStateException} for another context or another key-encryption key. */
    byte[] unwrap(byte[] wrapped, byte[] context);

    /** Bytes that only the holder of the key-encryption key can make, always the same for the same purpose. */
    byte[] derive(String purpose, int length);
}
