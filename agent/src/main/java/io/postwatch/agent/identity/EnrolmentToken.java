package io.postwatch.agent.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * The one-time token that lets this host become an agent, and by which it knows the platform it talks to.
 *
 * <p>Written {@code pwe_} and then, in base64url without padding: 24 random bytes, the SHA-256 of the
 * SubjectPublicKeyInfo of the platform's CA (32 bytes), and the CRC-32 of those 56 bytes (4 bytes, big-endian). The
 * checksum tells a mistyped token from a refused one. {@link #toString} hides it.
 */
public final class EnrolmentToken {

    private static final String PREFIX = "pwe_";
    private static final int RANDOM = 24;
    private static final int KEY_HASH = 32;
    private static final int CHECKED = RANDOM + KEY_HASH;

    private final String text;
    private final byte[] authorityKeyHash;

    private EnrolmentToken(String text, byte[] authorityKeyHash) {
        this.text = text;
        this.authorityKeyHash = authorityKeyHash;
    }

    /**
     * Reads a token as a person pasted it; white space around it is forgiven.
     *
     * @throws IllegalArgumentException with a sentence that doesn't repeat the token
     */
    public static EnrolmentToken parse(String pasted) {
        String text = pasted.strip();
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("an enrolment token begins with \"" + PREFIX + "\"");
        }
        byte[] payload;
        try {
            payload = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("the enrolment token has a character that no token has", notBase64);
        }
        if (payload.length != CHECKED + Integer.BYTES) {
            throw new IllegalArgumentException("the enrolment token is cut off or too long");
        }
        if (ByteBuffer.wrap(payload, CHECKED, Integer.BYTES).getInt() != checksum(payload)) {
            throw new IllegalArgumentException("the enrolment token is mistyped: its checksum does not match");
        }
        return new EnrolmentToken(text, Arrays.copyOfRange(payload, RANDOM, CHECKED));
    }

    /** Makes a token as a controller would. */
    public static EnrolmentToken of(byte[] random, byte[] authorityKeyHash) {
        if (random.length != RANDOM || authorityKeyHash.length != KEY_HASH) {
            throw new IllegalArgumentException("a token is made of 24 random bytes and 32 bytes of hash");
        }
        byte[] payload = ByteBuffer.allocate(CHECKED + Integer.BYTES)
                .put(random)
                .put(authorityKeyHash)
                .array();
        ByteBuffer.wrap(payload).putInt(CHECKED, checksum(payload));
        return parse(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(payload));
    }

    private static int checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(payload, 0, CHECKED);
        return (int) crc.getValue();
    }

    /** The whole token, for the enrolment call and nothing else. */
    public String reveal() {
        return text;
    }

    /** SHA-256 of the whole token text in ASCII: what the controller stores and what is signed. */
    public byte[] sha256() {
        return Digests.sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** SHA-256 of the SubjectPublicKeyInfo of the platform's CA. */
    public byte[] authorityKeyHash() {
        return authorityKeyHash.clone();
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
