package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Digests;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The text of an enrolment token: {@code pwe_} and, in base64url without padding, 24 random bytes, the SHA-256 of the
 * platform certificate authority's SubjectPublicKeyInfo, and the CRC-32 of both. The middle part tells an agent whom to
 * trust before it has a certificate; the last tells a typing error from a token nobody knows.
 */
record TokenText(String text) {
    static final String PREFIX = "pwe_";
    /** What is kept to recognise a token by; 8 of 80 characters tell nothing about the rest. */
    private static final int SHOWN_CHARACTERS = PREFIX.length() + 8;

    private static final int RANDOM_BYTES = 24;
    private static final int KEY_HASH_BYTES = 32;
    private static final int CHECKED_BYTES = RANDOM_BYTES + KEY_HASH_BYTES;
    private static final int ALL_BYTES = CHECKED_BYTES + Integer.BYTES;

    static TokenText make(SecureRandom random, byte[] authorityKeyHash) {
        if (authorityKeyHash.length != KEY_HASH_BYTES) {
            throw new IllegalArgumentException("The hash of the authority's key has 32 bytes");
        }
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        ByteBuffer bytes = ByteBuffer.allocate(ALL_BYTES).put(secret).put(authorityKeyHash);
        bytes.putInt(checksum(bytes.array()));
        return new TokenText(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()));
    }

    /** Empty where the text has not the form of a token. */
    static Optional<TokenText> parse(String text) {
        if (!text.startsWith(PREFIX) || text.length() > 2 * ALL_BYTES) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length != ALL_BYTES
                || ByteBuffer.wrap(bytes, CHECKED_BYTES, Integer.BYTES).getInt() != checksum(bytes)) {
            return Optional.empty();
        }
        return Optional.of(new TokenText(text));
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }

    /** What is stored instead of the token. */
    byte[] hash() {
        return Digests.sha256(text);
    }

    String prefix() {
        return text.substring(0, SHOWN_CHARACTERS);
    }

    byte[] authorityKeyHash() {
        byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        return Arrays.copyOfRange(bytes, RANDOM_BYTES, CHECKED_BYTES);
    }

    /** Never the token itself: records end up in logs. */
    @Override
    public String toString() {
        return prefix() + "…";
    }
}
