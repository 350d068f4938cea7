package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.FailureCode;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrustPathTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final KeyPair ROOT_KEY = newKey();
    private static final KeyPair SUB_KEY = newKey();
    private static final KeyPair KEY = newKey();
    private static final X509Certificate ROOT = issue("Root", ROOT_KEY, "Root", ROOT_KEY.getPublic(), 90, Kind.CA);

    private final TrustPath path = new TrustPath(Set.of(ROOT));

    private enum Kind {
        LEAF,
        CA,
        CA_FOR_ANOTHER_DOMAIN
    }

    @Test
    void anUnrelatedExpiredCertificateDoesNotMakeAForbiddenNameGood() {
        X509Certificate sub = issue("Root", ROOT_KEY, "Sub", SUB_KEY.getPublic(), 90, Kind.CA_FOR_ANOTHER_DOMAIN);
        X509Certificate leaf = issue("Sub", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);
        X509Certificate unrelated = issue("Old", KEY, "Old", KEY.getPublic(), -1, Kind.CA);

        assertThat(codes(List.of(leaf, sub))).containsExactly(FailureCode.UNTRUSTED);
        assertThat(codes(List.of(leaf, sub, unrelated))).containsExactly(FailureCode.UNTRUSTED);
    }

    @Test
    void anExpiredIntermediateIsOnThePath() {
        X509Certificate sub = issue("Root", ROOT_KEY, "Sub", SUB_KEY.getPublic(), -1, Kind.CA);
        X509Certificate leaf = issue("Sub", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);

        assertThat(path.find(List.of(leaf, sub), NOW).path()).containsExactly(leaf, sub);
    }

    /** Version 1 of X.509 has no extensions. */
    @Test
    void anAuthorityOfVersionOneThatIsTrustedCannotCallItselfOne() {
        X509Certificate old = version1("Old", SUB_KEY, 90);
        X509Certificate leaf = issue("Old", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);
        X509Certificate expired = issue("Old", SUB_KEY, "leaf", KEY.getPublic(), -1, Kind.LEAF);

        assertThat(old.getVersion()).isEqualTo(1);
        assertThat(new TrustPath(Set.of(old)).find(List.of(leaf), NOW).path()).containsExactly(leaf);
        assertThat(new TrustPath(Set.of(old)).find(List.of(expired), NOW))
                .as("dates are judged apart")
                .isEqualTo(new TrustPath.Outcome(List.of(expired), List.of()));
        assertThat(codes(List.of(leaf, old))).containsExactly(FailureCode.UNTRUSTED);
    }

    /** Who trusts a server's certificate trusts that server, and none that its key vouches for. */
    @Test
    void aTrustedCertificateThatSaysItIsNoAuthorityIsNone() {
        X509Certificate server = issue("Plain", SUB_KEY, "Plain", SUB_KEY.getPublic(), 90, Kind.LEAF);
        X509Certificate leaf = issue("Plain", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);
        TrustPath trusting = new TrustPath(Set.of(server));

        assertThat(trusting.find(List.of(server), NOW).verdicts()).isEmpty();
        assertThat(trusting.find(List.of(leaf), NOW).verdicts())
                .extracting(CertificateVerdict::code)
                .containsExactly(FailureCode.UNTRUSTED);
    }

    @Test
    @Timeout(30)
    void authoritiesOfOneNameThatLeadNowhereAreNotTriedInEveryOrder() {
        List<X509Certificate> sent = new ArrayList<>();
        sent.add(issue("Many", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF));
        for (int i = 0; i < 9; i++) {
            sent.add(issue("Many", SUB_KEY, "Many", SUB_KEY.getPublic(), 90, Kind.CA));
        }
        sent.add(issue("Old", KEY, "Old", KEY.getPublic(), -1, Kind.CA));

        assertThat(path.leadingToAnchors(sent, new SignatureChecks())).isEmpty();
        assertThat(codes(sent)).containsExactly(FailureCode.UNTRUSTED);
    }

    @Test
    @Timeout(30)
    void authoritiesThatVouchForEachOtherAreFollowedOnce() {
        KeyPair anchorKey = newKey();
        KeyPair oneKey = newKey();
        KeyPair otherKey = newKey();
        // Trusted, but no authority: what it signed leads to it by name and signature, but out of date no path ends
        // there.
        X509Certificate anchor = issue("Odd", anchorKey, "Odd", anchorKey.getPublic(), 90, Kind.LEAF);
        X509Certificate one = issue("Odd", anchorKey, "One", oneKey.getPublic(), -1, Kind.CA);
        X509Certificate other = issue("One", oneKey, "Other", otherKey.getPublic(), 90, Kind.CA);
        X509Certificate oneAgain = issue("Other", otherKey, "One", oneKey.getPublic(), 90, Kind.CA);
        X509Certificate leaf = issue("One", oneKey, "leaf", KEY.getPublic(), -1, Kind.LEAF);
        TrustPath looping = new TrustPath(Set.of(anchor));
        List<X509Certificate> sent = List.of(leaf, oneAgain, other, one);

        assertThat(looping.leadingToAnchors(sent, new SignatureChecks()))
                .containsExactlyInAnyOrder(leaf, one, other, oneAgain);
        assertThat(looping.find(sent, NOW).path()).isEmpty();
        assertThat(looping.find(sent, NOW).verdicts())
                .extracting(CertificateVerdict::code)
                .containsExactly(FailureCode.UNTRUSTED);
    }

    @Test
    void whatLeadsToAnAnchorIsFoundInAnyOrder() {
        KeyPair middleKey = newKey();
        X509Certificate middle = issue("Root", ROOT_KEY, "Middle", middleKey.getPublic(), 90, Kind.CA);
        X509Certificate sub = issue("Middle", middleKey, "Sub", SUB_KEY.getPublic(), 90, Kind.CA);
        X509Certificate leaf = issue("Sub", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);

        assertThat(path.leadingToAnchors(List.of(leaf, sub, middle), new SignatureChecks()))
                .containsExactly(middle, sub, leaf);
        assertThat(path.find(List.of(leaf, sub, middle), NOW).path()).containsExactly(leaf, sub, middle);
    }

    @Test
    void aKeyThatIsTooLargeChecksNoSignature() throws GeneralSecurityException {
        PublicKey huge = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        BigInteger.ONE.shiftLeft(16_000).add(BigInteger.ONE), BigInteger.valueOf(65_537)));
        X509Certificate sub = issue("Root", ROOT_KEY, "Sub", huge, 90, Kind.CA);
        X509Certificate leaf = issue("Sub", SUB_KEY, "leaf", KEY.getPublic(), 90, Kind.LEAF);

        assertThat(CertificateCost.ofKey(sub)).isEqualTo("an RSA key of more than 8192 bits");
        assertThat(path.leadingToAnchors(List.of(leaf, sub), new SignatureChecks()))
                .isEmpty();
        assertThat(codes(List.of(leaf, sub))).containsExactly(FailureCode.UNTRUSTED);
    }

    private List<FailureCode> codes(List<X509Certificate> sent) {
        return path.find(sent, NOW).verdicts().stream()
                .map(CertificateVerdict::code)
                .toList();
    }

    private static X509Certificate issue(
            String issuer, KeyPair issuerKey, String subject, PublicKey key, int days, Kind kind) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    new BigInteger(64, new SecureRandom()),
                    Date.from(NOW.minus(Duration.ofDays(30))),
                    Date.from(NOW.plus(Duration.ofDays(days))),
                    new X500Name("CN=" + subject),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(kind != Kind.LEAF));
            if (kind == Kind.LEAF) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "mail.example.org")));
            }
            if (kind == Kind.CA_FOR_ANOTHER_DOMAIN) {
                GeneralSubtree permitted = new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.net"));
                builder.addExtension(
                        Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {permitted}, null));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private static X509Certificate version1(String name, KeyPair key, int days) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v1CertificateBuilder(
                                    new X500Name("CN=" + name),
                                    BigInteger.ONE,
                                    Date.from(NOW.minus(Duration.ofDays(30))),
                                    Date.from(NOW.plus(Duration.ofDays(days))),
                                    new X500Name("CN=" + name),
                                    key.getPublic())
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }
}
