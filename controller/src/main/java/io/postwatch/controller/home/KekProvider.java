package io.postwatch.controller.home;

import java.util.List;

/**
 * The key-encryption keys, wherever they are kept: they wrap other keys and are never seen themselves. One is in use for
 * what is wrapped from now on, former ones unwrap. Safe for all threads.
 */
public interface KekProvider {
    /** Those that are kept there now. The first is the one that should be used; the others are former ones. */
    List<KekId> kept();

    /** Those that this process can use: the kept ones, and what was kept at some time since it began. */
    List<KekId> held();

    /** Looks again where they are kept. What can't be read there changes nothing. */
    void refresh();

    /** The one that all controllers of the database use, as far as this one has heard; at first the first of the kept. */
    KekId current();

    /** Hears which one all controllers use; throws {@link IllegalArgumentException} for one that isn't held. */
    void adopt(KekId current);

    /**
     * Encrypts a key.
     *
     * @param by one that is held
     * @param context what the key is for; the same bytes are needed to unwrap it
     */
    byte[] wrap(KekId by, byte[] key, byte[] context);

    /** Decrypts what {@link #wrap} gave; throws {@link IllegalStateException} for another context or another key-encryption key. */
    byte[] unwrap(KekId by, byte[] wrapped, byte[] context);

    /** Bytes that only the holder of that key-encryption key can make, always the same for the same purpose. */
    byte[] derive(KekId from, String purpose, int length);
}
