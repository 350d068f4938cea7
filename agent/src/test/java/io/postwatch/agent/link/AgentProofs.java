package io.postwatch.agent.link;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import com.google.protobuf.ByteString;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** The controller's side of the cryptography between it and its agents. */
public final class AgentProofs {

    private AgentProofs() {}

    /** Seals a login as a controller does. */
    public static SealedSecret seal(ByteString sealingKey, byte[] agentId, byte[] purpose, String name, String password)
            throws GeneralSecurityException {
        return seal(
                sealingKey,
                agentId,
                purpose,
                Secret.newBuilder().setUsername(name).setPassword(password).build());
    }

    /** Seals a secret as a controller does. */
    @AccessesPartialKey
    public static SealedSecret seal(ByteString sealingKey, byte[] agentId, byte[] purpose, Secret secret)
            throws GeneralSecurityException {
        HybridConfig.register();
        HpkePublicKey key = HpkePublicKey.create(
                HpkeParameters.builder()
                        .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                        .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                        .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                        .setVariant(HpkeParameters.Variant.NO_PREFIX)
                        .build(),
                Bytes.copyFrom(sealingKey.toByteArray()),
                null);
        byte[] info = ByteBuffer.allocate(19 + 1 + 16 + purpose.length)
                .put("postwatch-secret-v1".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .put(agentId)
                .put(purpose)
                .array();
        byte[] sealed = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class)
                .encrypt(secret.toByteArray(), info);
        return SealedSecret.newBuilder()
                .setKeyFingerprint(ByteString.copyFrom(sha256(sealingKey.toByteArray())))
                .setSealed(ByteString.copyFrom(sealed))
                .setPurpose(ByteString.copyFrom(purpose))
                .build();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As the protocol has it. */
    static String fingerprint(ByteString key) {
        byte[] digest = sha256(key.toByteArray());
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 16; n++) {
            text.append(n > 0 && n % 2 == 0 ? "-" : "").append(String.format("%02x", digest[n]));
        }
        return text.toString();
    }

    static byte[] labelled(String label, byte[]... parts) {
        int length = label.length() + 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        buffer.put(label.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        for (byte[] part : parts) {
            buffer.put(part);
        }
        return buffer.array();
    }

    static boolean verifies(ByteString key, byte[] message, ByteString signature) {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(key.toByteArray()));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature.toByteArray());
    }
}
