package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Digests;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** An agent's lasting identity: an Ed25519 public key of 32 bytes (RFC 8032). */
public final class IdentityKey {
    /** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410, section 4). */
    private static final byte[] SUBJECT_PUBLIC_KEY_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private final byte[] bytes;
    private final PublicKey key;

    private IdentityKey(byte[] bytes, PublicKey key) {
        this.bytes = bytes;
        this.key = key;
    }

    /** The key of these bytes; an IllegalArgumentException says that they are none. */
    public static IdentityKey of(byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("An identity key has 32 bytes, not " + bytes.length);
        }
        byte[] encoded = Arrays.copyOf(SUBJECT_PUBLIC_KEY_INFO, SUBJECT_PUBLIC_KEY_INFO.length + KEY_BYTES);
        System.arraycopy(bytes, 0, encoded, SUBJECT_PUBLIC_KEY_INFO.length, KEY_BYTES);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            return new IdentityKey(bytes.clone(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Not an Ed25519 public key", e);
        }
    }

    /** Whether this key signed: the context's ASCII name, a zero byte, and the parts in order. */
    public boolean signed(byte[] signature, String context, byte[]... parts) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(context.getBytes(StandardCharsets.US_ASCII));
            verifier.update((byte) 0);
            for (byte[] part : parts) {
                verifier.update(part);
            }
            return verifier.verify(signature);
        } catch (GeneralSecurityException notASignature) {
            // A signature of the wrong length or form is as good as a wrong one.
            return false;
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    byte[] hash() {
        return Digests.sha256(bytes);
    }
}
