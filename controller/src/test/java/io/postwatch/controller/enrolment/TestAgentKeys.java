package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** The keys that an agent makes for itself, and what it signs with them: written from the protocol, not from the controller's code. */
public final class TestAgentKeys {
    private final KeyPair identity;
    private final KeyPair sealing;
    private final KeyPair tls = p256();

    public KeyPair tls() {
        return tls;
    }

    public KeyPair sealing() {
        return sealing;
    }

    public Bytes identityKey() {
        return raw(identity);
    }

    public Bytes sealingKey() {
        return raw(sealing);
    }

    public Bytes certificateRequest() {
        return request(tls);
    }

    public static Bytes request(KeyPair keys) {
        try {
            return Bytes.of(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ignored"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public Enrolment.Application application(String token, Bytes nonce) {
        return application(token, nonce, "mail-host");
    }

    public Enrolment.Application application(String token, Bytes nonce, String name) {
        Bytes request = certificateRequest();
        return new Enrolment.Application(
                token,
                nonce,
                identityKey(),
                sealingKey(),
                request,
                sign(
                        "postwatch-enrol-v1",
                        nonce,
                        sha256(token.getBytes(StandardCharsets.UTF_8)),
                        sealingKey(),
                        sha256(request.toArray())),
                name,
                "0.1.0",
                "192.0.2.3");
    }

    public CertificateRenewal.Application renewal(AgentId agent, Bytes nonce) {
        return renewal(agent, nonce, 0);
    }

    /** By an agent that holds a certificate of this generation. */
    public CertificateRenewal.Application renewal(AgentId agent, Bytes nonce, long generation) {
        Bytes request = certificateRequest();
        return new CertificateRenewal.Application(
                agent,
                nonce,
                request,
                sign("postwatch-renew-v1", nonce, Bytes.of(agent.value()), sha256(request.toArray())),
                generation,
                "192.0.2.2");
    }

    /** A certificate of the next life: with the same lasting keys, and a new one for TLS. */
    public TestAgentKeys renewed() {
        return new TestAgentKeys(identity, sealing);
    }

    /** The state of an agent that is on two machines, whose TLS keys of the future differ. */
    private TestAgentKeys(KeyPair identity, KeyPair sealing) {
        this.identity = identity;
        this.sealing = sealing;
    }

    public TestAgentKeys() {
        this(keys("Ed25519"), keys("X25519"));
    }

    public Bytes sign(String context, Bytes... parts) {
        try {
            ByteArrayOutputStream signed = new ByteArrayOutputStream();
            signed.writeBytes(context.getBytes(StandardCharsets.US_ASCII));
            signed.write(0);
            for (Bytes part : parts) {
                signed.writeBytes(part.toArray());
            }
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(identity.getPrivate());
            signer.update(signed.toByteArray());
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static Bytes sha256(byte[] bytes) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The key itself is the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410). */
    private static Bytes raw(KeyPair keys) {
        byte[] encoded = keys.getPublic().getEncoded();
        return Bytes.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    private static KeyPair keys(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
