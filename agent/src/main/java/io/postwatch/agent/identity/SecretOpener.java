package io.postwatch.agent.identity;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Opens what was sealed to this agent: HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
 * with the encapsulated key before the ciphertext.
 *
 * <p>The info binds a secret to this agent and to one purpose, so that a secret of one series can't be passed off as
 * another's. Safe for use by several threads.
 */
public final class SecretOpener {

    private static final String LABEL = "postwatch-secret-v1";

    private final AgentId agent;
    private final byte[] keyFingerprint;
    private final HybridDecrypt opener;

    @AccessesPartialKey
    SecretOpener(byte[] privateKey, byte[] publicKey, AgentId agent) throws GeneralSecurityException {
        this.agent = agent;
        this.keyFingerprint = Digests.sha256(publicKey);
        HybridConfig.register();
        HpkeParameters parameters = HpkeParameters.builder()
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.NO_PREFIX)
                .build();
        HpkePrivateKey key = HpkePrivateKey.create(
                HpkePublicKey.create(parameters, Bytes.copyFrom(publicKey), null),
                SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get()));
        this.opener = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class);
    }

    /**
     * Opens one secret.
     *
     * @param keyFingerprint SHA-256 of the sealing key that the sender used
     * @param sealed encapsulated key, then the ciphertext
     * @param purpose what the secret was sealed for
     * @throws GeneralSecurityException when it was sealed to another key, agent or purpose, or was changed
     */
    public byte[] open(byte[] keyFingerprint, byte[] sealed, byte[] purpose) throws GeneralSecurityException {
        if (!Arrays.equals(this.keyFingerprint, keyFingerprint)) {
            throw new GeneralSecurityException("the secret was sealed to another key than this agent's");
        }
        return opener.decrypt(sealed, info(agent, purpose));
    }

    static byte[] info(AgentId agent, byte[] purpose) {
        return SignedParts.labelled(LABEL).add(agent.bytes()).add(purpose).bytes();
    }

    @Override
    public String toString() {
        return "SecretOpener of agent " + agent;
    }
}
