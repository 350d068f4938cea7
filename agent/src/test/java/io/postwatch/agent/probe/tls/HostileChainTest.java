package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.FailureCode;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chains made to keep whoever judges them busy. What they may cost is bounded by what is tried, not by time. */
@Timeout(60)
class HostileChainTest {

    private static final Instant NOW = IssuedCertificate.NOW;
    private static final KeyPair ROOT_KEY = IssuedCertificate.newKey();
    private static final KeyPair KEY = IssuedCertificate.newKey();
    private static final X509Certificate ROOT =
            anAuthority("Root", ROOT_KEY, "Root", ROOT_KEY.getPublic()).issue();

    @Test
    void aChainOfTenCertificatesIsFollowedToItsEnd() {
        List<X509Certificate> sent = chainOf(9, authority -> authority);

        TrustPath.Outcome outcome = new TrustPath(Set.of(ROOT)).find(sent, NOW);

        assertThat(outcome.verdicts()).isEmpty();
        assertThat(outcome.path()).hasSize(10);
    }

    @Test
    void anIssuerWithAHugeDsaKeyChecksNoSignature() throws GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(40_000).subtract(BigInteger.valueOf(159));
        BigInteger order = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.valueOf(189));
        PublicKey huge = dsaKey(modulus, order);
        List<X509Certificate> sent = new ArrayList<>();
        sent.add(IssuedCertificate.of("Many", KEY, "leaf", KEY.getPublic()).signedWithDsa());
        for (int i = 0; i < 9; i++) {
            sent.add(anAuthority("Many", KEY, "Many", huge).signedWithDsa());
        }
        Set<X509Certificate> anchors = new HashSet<>(Set.of(ROOT));
        for (int i = 0; i < 3; i++) {
            anchors.add(anAuthority("Many", KEY, "Many", huge).issue());
        }

        SignatureChecks checks = new SignatureChecks();
        TrustPath.Outcome outcome = new TrustPath(anchors).find(sent, NOW, checks);

        assertThat(codes(outcome)).containsExactly(FailureCode.UNTRUSTED);
        assertThat(checks.made()).isZero();
    }

    @Test
    void anIssuerWithAHugeExponentChecksNoSignature() throws GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(3071).add(BigInteger.ONE);
        PublicKey slow = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, modulus.subtract(BigInteger.TWO)));
        List<X509Certificate> sent = List.of(
                IssuedCertificate.of("Slow", KEY, "leaf", KEY.getPublic()).issue(),
                anAuthority("Slow", KEY, "Slow", slow).issue());

        SignatureChecks checks = new SignatureChecks();
        TrustPath.Outcome outcome = new TrustPath(Set.of(ROOT)).find(sent, NOW, checks);

        assertThat(codes(outcome)).containsExactly(FailureCode.UNTRUSTED);
        assertThat(checks.made()).isZero();
    }

    @Test
    void aKeyOfAnotherKindThanTheSignatureIsNotAsked() throws GeneralSecurityException {
        PublicKey dsa = dsaKey(BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE), BigInteger.ONE.shiftLeft(255));
        List<X509Certificate> sent = List.of(
                IssuedCertificate.of("Other", KEY, "leaf", KEY.getPublic()).issue(),
                anAuthority("Other", KEY, "Other", dsa).issue());

        SignatureChecks checks = new SignatureChecks();
        assertThat(codes(new TrustPath(Set.of(ROOT)).find(sent, NOW, checks))).containsExactly(FailureCode.UNTRUSTED);
        assertThat(checks.made()).isZero();
    }

    /** With a q of zero the JDK's arithmetic fails instead of the check. */
    @Test
    void aKeyThatNobodyCanCalculateWithIsNoFaultOfOurs() throws GeneralSecurityException {
        PublicKey broken = dsaKey(BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE), BigInteger.ZERO);
        List<X509Certificate> sent = List.of(
                IssuedCertificate.of("Broken", KEY, "leaf", KEY.getPublic()).signedWithDsa(),
                anAuthority("Broken", KEY, "Broken", broken).signedWithDsa());

        assertThat(codes(new TrustPath(Set.of(ROOT)).find(sent, NOW))).containsExactly(FailureCode.UNTRUSTED);
    }

    @Test
    void authoritiesThatAllVouchForEachOtherAreTriedAFewTimesOnly() {
        KeyPair shared = IssuedCertificate.newKey();
        List<X509Certificate> sent = new ArrayList<>();
        // Every path ends at the anchor, and then PKIX finds what it does not know.
        sent.add(IssuedCertificate.of("Shared", shared, "leaf", KEY.getPublic())
                .withSomethingCriticalAndUnknown()
                .issue());
        for (int i = 0; i < 9; i++) {
            sent.add(anAuthority("Shared", shared, "Shared", shared.getPublic()).issue());
        }
        X509Certificate anchor =
                anAuthority("Shared", shared, "Shared", shared.getPublic()).issue();

        SignatureChecks checks = new SignatureChecks();
        TrustPath.Outcome outcome = new TrustPath(Set.of(anchor)).find(sent, NOW, checks);

        assertThat(outcome.path()).isEmpty();
        assertThat(outcome.verdicts())
                .extracting(CertificateVerdict::message)
                .containsExactly("The chain can be put together in more ways than are tried here.");
        assertThat(checks.made()).isLessThanOrEqualTo(SignatureChecks.MAX);
        assertThat(checks.paths()).isLessThanOrEqualTo(SignatureChecks.MAX_PATHS);
    }

    @Test
    void policiesThatMultiplyFromIssuerToIssuerAreNotFollowed() {
        List<X509Certificate> sent = chainOf(
                4,
                authority -> authority
                        .with(Extension.certificatePolicies, policies(8, 1))
                        .with(Extension.policyMappings, everyPolicyToEveryOther(8)));

        assertThat(new TrustPath(Set.of(ROOT)).find(sent, NOW).path()).hasSize(5);
    }

    @Test
    void moreThanTwentyPoliciesOrOneTwiceAreTold() {
        List<X509Certificate> many =
                chainOf(2, authority -> authority.with(Extension.certificatePolicies, policies(21, 1)));
        List<X509Certificate> twice =
                chainOf(9, authority -> authority.with(Extension.certificatePolicies, policies(2, 5)));

        for (List<X509Certificate> sent : List.of(many, twice)) {
            TrustPath.Outcome outcome = new TrustPath(Set.of(ROOT)).find(sent, NOW);
            assertThat(outcome.path()).isEmpty();
            assertThat(outcome.verdicts()).singleElement().satisfies(verdict -> {
                assertThat(verdict.code()).isEqualTo(FailureCode.UNTRUSTED);
                assertThat(verdict.position()).isEqualTo(1);
                assertThat(verdict.message())
                        .matches("The certificate of 'Sub \\d' has (more than 20 policies|a policy twice), which is not"
                                + " followed here\\.");
            });
        }
    }

    @Test
    void whatStandsOnNoPathIsNotBlamed() {
        List<X509Certificate> sent = new ArrayList<>(
                chainOf(1, authority -> authority.with(Extension.certificatePolicies, policies(21, 1))));
        X509Certificate beside = sent.removeLast();
        sent.clear();
        sent.add(IssuedCertificate.of("Nobody", KEY, "leaf", KEY.getPublic()).issue());
        sent.add(beside);

        TrustPath.Outcome outcome = new TrustPath(Set.of(ROOT)).find(sent, NOW);

        assertThat(outcome.verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.position()).isZero();
            assertThat(verdict.message())
                    .isEqualTo("The certificate of 'leaf' was issued by 'Nobody', which is not trusted here.");
        });
    }

    @Test
    void moreConstraintsOnNamesThanAnybodyNeedsAreTold() {
        List<X509Certificate> sent =
                chainOf(1, authority -> authority.with(Extension.nameConstraints, permittedNames(101)));

        TrustPath.Outcome outcome = new TrustPath(Set.of(ROOT)).find(sent, NOW);

        assertThat(outcome.path()).isEmpty();
        assertThat(outcome.verdicts())
                .extracting(CertificateVerdict::message)
                .containsExactly("The certificate of 'Sub 1' has more than 100 constraints on names, which is not"
                        + " followed here.");
    }

    /** A leaf and that many authorities, leaf first; the last was issued by the root. */
    private static List<X509Certificate> chainOf(int authorities, UnaryOperator<IssuedCertificate> made) {
        List<X509Certificate> sent = new ArrayList<>();
        KeyPair issuerKey = ROOT_KEY;
        String issuer = "Root";
        for (int i = authorities; i >= 1; i--) {
            KeyPair key = IssuedCertificate.newKey();
            sent.addFirst(made.apply(anAuthority(issuer, issuerKey, "Sub " + i, key.getPublic()))
                    .issue());
            issuerKey = key;
            issuer = "Sub " + i;
        }
        sent.addFirst(
                IssuedCertificate.of(issuer, issuerKey, "leaf", KEY.getPublic()).issue());
        return sent;
    }

    private static IssuedCertificate anAuthority(String issuer, KeyPair issuerKey, String subject, PublicKey key) {
        return IssuedCertificate.of(issuer, issuerKey, subject, key).authority();
    }

    private static PublicKey dsaKey(BigInteger p, BigInteger q) throws GeneralSecurityException {
        return KeyFactory.getInstance("DSA")
                .generatePublic(new DSAPublicKeySpec(p.subtract(BigInteger.TWO), p, q, p.subtract(BigInteger.TEN)));
    }

    private static CertificatePolicies policies(int different, int times) {
        return new CertificatePolicies(IntStream.range(0, different * times)
                .mapToObj(i -> new PolicyInformation(policy(i % different)))
                .toArray(PolicyInformation[]::new));
    }

    private static DERSequence everyPolicyToEveryOther(int count) {
        ASN1EncodableVector all = new ASN1EncodableVector();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                all.add(new DERSequence(new ASN1ObjectIdentifier[] {policy(i), policy(j)}));
            }
        }
        return new DERSequence(all);
    }

    private static ASN1ObjectIdentifier policy(int number) {
        return new ASN1ObjectIdentifier("1.3.6.1.4.1.32473." + number);
    }

    private static NameConstraints permittedNames(int count) {
        return new NameConstraints(
                IntStream.range(0, count)
                        .mapToObj(i -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, i + ".example.net")))
                        .toArray(GeneralSubtree[]::new),
                null);
    }

    private static List<FailureCode> codes(TrustPath.Outcome outcome) {
        return outcome.verdicts().stream().map(CertificateVerdict::code).toList();
    }
}
