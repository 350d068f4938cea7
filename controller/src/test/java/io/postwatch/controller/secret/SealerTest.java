package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeDecrypt;
import com.google.crypto.tink.subtle.X25519;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class SealerTest {
    private static final byte[] SECRET = "canary password".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INFO = "what it is for".getBytes(StandardCharsets.UTF_8);

    private final Sealer sealer = new Sealer();
    private final byte[] privateKey = X25519.generatePrivateKey();
    private final byte[] publicKey = X25519.publicFromPrivate(privateKey);

    SealerTest() throws GeneralSecurityException {}

    @Test
    void theHolderOfTheKeyOpensIt() throws GeneralSecurityException {
        byte[] sealed = sealer.seal(publicKey, INFO, SECRET);

        assertThat(open(sealed, INFO)).isEqualTo(SECRET);
        assertThat(sealed).hasSize(Sealer.KEY_BYTES + SECRET.length + 16);
    }

    @Test
    void itOpensForItsPurposeOnly() {
        byte[] sealed = sealer.seal(publicKey, INFO, SECRET);

        assertThatThrownBy(() -> open(sealed, new byte[] {1})).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void itIsSealedAnewEachTime() {
        assertThat(sealer.seal(publicKey, INFO, SECRET)).isNotEqualTo(sealer.seal(publicKey, INFO, SECRET));
    }

    @Test
    void aKeyOfTheWrongLengthIsRefused() {
        assertThatThrownBy(() -> sealer.seal(new byte[31], INFO, SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes");
    }

    // Plays the agent, which holds the raw key.
    @AccessesPartialKey
    @LowLevelCryptoCaller
    private byte[] open(byte[] sealed, byte[] info) throws GeneralSecurityException {
        HpkeParameters parameters = HpkeParameters.builder()
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.NO_PREFIX)
                .build();
        HpkePublicKey key = HpkePublicKey.create(parameters, Bytes.copyFrom(publicKey), null);
        return HpkeDecrypt.create(
                        HpkePrivateKey.create(key, SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get())))
                .decrypt(sealed, info);
    }
}
