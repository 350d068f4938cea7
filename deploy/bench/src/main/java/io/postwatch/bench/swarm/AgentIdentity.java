package io.postwatch.bench.swarm;

import com.google.protobuf.ByteString;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.SignedParts;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * What an enrolled agent connects with.
 *
 * @param key Ed25519
 * @param sealingKey X25519 public key, 32 bytes
 * @param tls with its client certificate
 */
record AgentIdentity(AgentId agent, PrivateKey key, ByteString sealingKey, SslContext tls) {

    byte[] signHello(byte[] nonce, byte[] bootId) {
        return signed(key, SignedParts.ofHello(nonce, agent, sealingKey.toByteArray(), bootId));
    }

    static byte[] signed(PrivateKey key, byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java platform has no Ed25519", impossible);
        }
    }
}
