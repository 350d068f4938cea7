package io.postwatch.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretOpenerTest {

    private static final byte[] SECRET = "correct horse".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PURPOSE = {0, 0, 0, 0, 0, 0, 0, 7};

    private final AgentKeys keys = AgentKeys.generate(new SecureRandom());
    private final AgentId agent = new AgentId(UUID.randomUUID());

    @Test
    void whatWasSealedToThisAgentOpens() throws GeneralSecurityException {
        byte[] sealed = seal(keys, agent, PURPOSE);
        assertThat(keys.secretOpener(agent).open(Digests.sha256(keys.sealingKey()), sealed, PURPOSE))
                .isEqualTo(SECRET);
        assertThat(sealed).hasSize(32 + SECRET.length + 16);
    }

    @Test
    void anotherPurposeAgentOrKeyDoesNotOpenIt() throws GeneralSecurityException {
        byte[] fingerprint = Digests.sha256(keys.sealingKey());
        byte[] sealed = seal(keys, agent, PURPOSE);
        byte[] otherPurpose = {0, 0, 0, 0, 0, 0, 0, 8};
        assertThatThrownBy(() -> keys.secretOpener(agent).open(fingerprint, sealed, otherPurpose))
                .isInstanceOf(GeneralSecurityException.class);
        AgentId otherAgent = new AgentId(UUID.randomUUID());
        assertThatThrownBy(() -> keys.secretOpener(otherAgent).open(fingerprint, sealed, PURPOSE))
                .isInstanceOf(GeneralSecurityException.class);
        AgentKeys otherKeys = AgentKeys.generate(new SecureRandom());
        assertThatThrownBy(() -> otherKeys.secretOpener(agent).open(fingerprint, sealed, PURPOSE))
                .hasMessageContaining("another key");
    }

    @AccessesPartialKey
    private static byte[] seal(AgentKeys keys, AgentId agent, byte[] purpose) throws GeneralSecurityException {
        HybridConfig.register();
        HpkePublicKey key = HpkePublicKey.create(
                HpkeParameters.builder()
                        .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                        .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                        .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                        .setVariant(HpkeParameters.Variant.NO_PREFIX)
                        .build(),
                Bytes.copyFrom(keys.sealingKey()),
                null);
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class)
                .encrypt(SECRET, SecretOpener.info(agent, purpose));
    }
}
