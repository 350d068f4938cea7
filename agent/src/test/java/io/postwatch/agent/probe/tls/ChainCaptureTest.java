package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.testserver.TestAuthority;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.DSAPublicKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.junit.jupiter.api.Test;

class ChainCaptureTest {

    private static final X509Certificate ROOT = TestAuthority.create().root();

    @Test
    void tenCertificatesAreKeptAndElevenAreRefused() throws CertificateException {
        ChainCapture capture = new ChainCapture(new ChainRoom());
        check(capture, 10);
        assertThat(capture.chain()).hasSize(10);
        assertThat(capture.isRefused()).isFalse();

        ChainCapture overwhelmed = new ChainCapture(new ChainRoom());
        assertThatThrownBy(() -> check(overwhelmed, 11)).isInstanceOf(CertificateException.class);
        assertThat(overwhelmed.chain()).isEmpty();
        assertThat(overwhelmed.refusal()).isEqualTo("more than 10 certificates");
    }

    @Test
    void aKeyThatCostsTooMuchIsRefusedBeforeAnythingIsCheckedWithIt() throws Exception {
        BigInteger modulus = BigInteger.ONE.shiftLeft(40_000).add(BigInteger.ONE);
        PublicKey huge = KeyFactory.getInstance("DSA")
                .generatePublic(new DSAPublicKeySpec(
                        modulus.shiftRight(1), modulus, BigInteger.ONE.shiftLeft(255), BigInteger.TWO));
        KeyPair key = IssuedCertificate.newKey();
        X509Certificate leaf =
                IssuedCertificate.of("Huge", key, "leaf", key.getPublic()).signedWithDsa();
        X509Certificate issuer =
                IssuedCertificate.of("Huge", key, "Huge", huge).authority().signedWithDsa();
        ChainCapture capture = new ChainCapture(new ChainRoom());

        assertThatThrownBy(() -> check(capture, leaf, issuer)).isInstanceOf(CertificateException.class);
        assertThat(capture.refusal()).isEqualTo("a DSA key of more than 3072 bits");
    }

    @Test
    void largeChainsOfAllRunsShareABoundOfMemoryAndSmallOnesDoNot() throws CertificateException {
        KeyPair key = IssuedCertificate.newKey();
        X509Certificate small =
                IssuedCertificate.of("Self", key, "Self", key.getPublic()).issue();
        X509Certificate large = IssuedCertificate.of("Self", key, "Self", key.getPublic())
                .with(new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1"), new DEROctetString(new byte[9000]))
                .issue();
        ChainRoom room = new ChainRoom(15_000);
        ChainCapture first = new ChainCapture(room);
        check(first, large);
        ChainCapture second = new ChainCapture(room);

        assertThatThrownBy(() -> check(second, large)).isInstanceOf(CertificateException.class);
        assertThat(second.isCrowdedOut()).isTrue();
        assertThat(second.chain()).isEmpty();
        second.leave();
        check(new ChainCapture(room), small);
        first.leave();
        check(new ChainCapture(room), large);
    }

    @Test
    void nothingIsTrustedOutsideOfAHandshake() {
        assertThatThrownBy(
                        () -> ChainCapture.trustManager().checkServerTrusted(new X509Certificate[] {ROOT}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> ScopedValue.where(ChainCapture.CURRENT, new ChainCapture(new ChainRoom()))
                        .call(() -> {
                            ChainCapture.trustManager().checkClientTrusted(new X509Certificate[] {ROOT}, "UNKNOWN");
                            return true;
                        }))
                .isInstanceOf(CertificateException.class);
    }

    private static void check(ChainCapture capture, int count) throws CertificateException {
        X509Certificate[] sent = new X509Certificate[count];
        Arrays.fill(sent, ROOT);
        check(capture, sent);
    }

    private static void check(ChainCapture capture, X509Certificate... sent) throws CertificateException {
        ScopedValue.where(ChainCapture.CURRENT, capture).call(() -> {
            ChainCapture.trustManager().checkServerTrusted(sent, "UNKNOWN");
            return true;
        });
    }
}
