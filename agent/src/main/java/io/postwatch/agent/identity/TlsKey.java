package io.postwatch.agent.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** The key of one client certificate: EC P-256. A new one is made for every certificate. */
public final class TlsKey {

    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private final KeyPair pair;

    private TlsKey(KeyPair pair) {
        this.pair = pair;
    }

    static TlsKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new TlsKey(generator.generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java platform has no EC P-256", impossible);
        }
    }

    static TlsKey decode(byte[] file) throws IOException {
        Pem pem = Pem.decode(file);
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            return new TlsKey(new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(pem.only(PUBLIC))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(pem.only(PRIVATE)))));
        } catch (GeneralSecurityException unreadable) {
            throw new IOException("the file with the TLS key can't be read", unreadable);
        }
    }

    byte[] encode() throws IOException {
        return new Pem(List.of(
                        new Pem.Block(PRIVATE, pair.getPrivate().getEncoded()),
                        new Pem.Block(PUBLIC, pair.getPublic().getEncoded())))
                .encode();
    }

    /** Whether that certificate is for this key. */
    public boolean isOf(X509Certificate certificate) {
        return pair.getPublic().equals(certificate.getPublicKey());
    }

    public PrivateKey privateKey() {
        return pair.getPrivate();
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    /** PKCS#10, DER. The controller takes nothing but the key from it. */
    public byte[] certificateRequest() throws IOException {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=postwatch-agent"), pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException impossible) {
            throw new IOException("the certificate request can't be signed", impossible);
        }
    }
}
