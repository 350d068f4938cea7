package io.postwatch.agent.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;

/**
 * The two lasting keys of this agent: identity (Ed25519), which signs, and sealing (X25519), which opens secrets. The
 * third, for TLS, changes with each certificate and is part of {@link Credentials}.
 */
public final class AgentKeys {

    private static final String IDENTITY = "POSTWATCH IDENTITY KEY";
    private static final String SEALING = "POSTWATCH SEALING KEY";

    private static final int FINGERPRINT_BYTES = 16;

    private final Ed25519PrivateKeyParameters identity;
    private final X25519PrivateKeyParameters sealing;

    private AgentKeys(Ed25519PrivateKeyParameters identity, X25519PrivateKeyParameters sealing) {
        this.identity = identity;
        this.sealing = sealing;
    }

    static AgentKeys generate(SecureRandom random) {
        return new AgentKeys(new Ed25519PrivateKeyParameters(random), new X25519PrivateKeyParameters(random));
    }

    static AgentKeys decode(byte[] file) throws IOException {
        Pem pem = Pem.decode(file);
        if (key(pem, IDENTITY) instanceof Ed25519PrivateKeyParameters identity
                && key(pem, SEALING) instanceof X25519PrivateKeyParameters sealing) {
            return new AgentKeys(identity, sealing);
        }
        throw new IOException("the file with the agent's keys holds keys of another kind");
    }

    private static AsymmetricKeyParameter key(Pem pem, String type) throws IOException {
        return PrivateKeyFactory.createKey(pem.only(type));
    }

    byte[] encode() throws IOException {
        return new Pem(List.of(new Pem.Block(IDENTITY, pkcs8(identity)), new Pem.Block(SEALING, pkcs8(sealing))))
                .encode();
    }

    private static byte[] pkcs8(AsymmetricKeyParameter key) throws IOException {
        return PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded();
    }

    /** Ed25519 public key, 32 bytes. */
    public byte[] identityKey() {
        return identity.generatePublicKey().getEncoded();
    }

    /**
     * What a person compares with what the console shows before approving this agent: the first 16 bytes of the SHA-256 of
     * the identity key, in eight groups of four hexadecimal digits, joined by hyphens.
     */
    public String fingerprint() {
        String digits = HexFormat.of().formatHex(Digests.sha256(identityKey()), 0, FINGERPRINT_BYTES);
        return String.join("-", digits.split("(?<=\\G.{4})"));
    }

    /** X25519 public key, 32 bytes. */
    public byte[] sealingKey() {
        return sealing.generatePublicKey().getEncoded();
    }

    /** Ed25519 (RFC 8032) by the identity key. */
    public byte[] sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, identity);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    /** What opens secrets that were sealed to {@link #sealingKey}. */
    public SecretOpener secretOpener(AgentId agent) throws GeneralSecurityException {
        return new SecretOpener(sealing.getEncoded(), sealingKey(), agent);
    }
}
