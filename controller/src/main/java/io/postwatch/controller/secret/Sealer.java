package io.postwatch.controller.secret;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeEncrypt;
import com.google.crypto.tink.util.Bytes;
import java.security.GeneralSecurityException;
import org.springframework.stereotype.Component;

/**
 * Seals bytes to an agent's key, so that nobody between can read them: HPKE (RFC 9180) in base mode with
 * DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.
 */
@Component
public class Sealer {
    /** Of a raw X25519 public key. */
    public static final int KEY_BYTES = 32;

    private static final HpkeParameters PARAMETERS = parameters();

    /**
     * Seals.
     *
     * @param publicKey the agent's sealing key, 32 bytes
     * @param info what it is sealed for; the agent must give the same bytes to open it
     * @return the encapsulated key (32 bytes), then the ciphertext
     */
    // The key is an agent's, raw, as the protocol has it: there is no keyset to rotate it in.
    @AccessesPartialKey
    @LowLevelCryptoCaller
    public byte[] seal(byte[] publicKey, byte[] info, byte[] plaintext) {
        if (publicKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("A sealing key has " + KEY_BYTES + " bytes, not " + publicKey.length);
        }
        try {
            HpkePublicKey key = HpkePublicKey.create(PARAMETERS, Bytes.copyFrom(publicKey), null);
            HybridEncrypt hpke = HpkeEncrypt.create(key);
            return hpke.encrypt(plaintext, info);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Nothing can be sealed to this key", e);
        }
    }

    private static HpkeParameters parameters() {
        try {
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This build has no HPKE", e);
        }
    }
}
