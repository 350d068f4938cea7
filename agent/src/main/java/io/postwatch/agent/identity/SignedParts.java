package io.postwatch.agent.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bytes a signature covers: a label that is unique to its use, a zero byte, then parts whose length the protocol
 * fixes. The label keeps a signature made for one call from being good for another.
 */
public final class SignedParts {

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    private SignedParts() {}

    static SignedParts labelled(String label) {
        SignedParts signed = new SignedParts();
        signed.parts.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        signed.parts.write(0);
        return signed;
    }

    SignedParts add(byte[] part) {
        parts.writeBytes(part);
        return this;
    }

    byte[] bytes() {
        return parts.toByteArray();
    }

    /** What Hello signs. */
    public static byte[] ofHello(byte[] nonce, AgentId agent, byte[] sealingKey, byte[] bootId) {
        return labelled("postwatch-hello-v1")
                .add(nonce)
                .add(agent.bytes())
                .add(sealingKey)
                .add(bootId)
                .bytes();
    }

    /** What Enrol signs. */
    public static byte[] ofEnrol(byte[] nonce, byte[] tokenHash, byte[] sealingKey, byte[] certificateRequest) {
        return labelled("postwatch-enrol-v1")
                .add(nonce)
                .add(tokenHash)
                .add(sealingKey)
                .add(Digests.sha256(certificateRequest))
                .bytes();
    }

    /** What RenewCertificate signs. */
    public static byte[] ofRenew(byte[] nonce, AgentId agent, byte[] certificateRequest) {
        return labelled("postwatch-renew-v1")
                .add(nonce)
                .add(agent.bytes())
                .add(Digests.sha256(certificateRequest))
                .bytes();
    }
}
