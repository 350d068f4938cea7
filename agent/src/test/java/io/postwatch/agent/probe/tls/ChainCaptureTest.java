package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.testserver.TestAuthority;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChainCaptureTest {

    private static final X509Certificate ROOT = TestAuthority.create().root();

    @Test
    void tenCertificatesAreKeptAndElevenAreRefused() throws CertificateException {
        ChainCapture capture = new ChainCapture();
        check(capture, 10);
        assertThat(capture.chain()).hasSize(10);
        assertThat(capture.isRefused()).isFalse();

        ChainCapture overwhelmed = new ChainCapture();
        assertThatThrownBy(() -> check(overwhelmed, 11)).isInstanceOf(CertificateException.class);
        assertThat(overwhelmed.chain()).isEmpty();
        assertThat(overwhelmed.isRefused()).isTrue();
    }

    @Test
    void nothingIsTrustedOutsideOfAHandshake() {
        assertThatThrownBy(
                        () -> ChainCapture.trustManager().checkServerTrusted(new X509Certificate[] {ROOT}, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> ScopedValue.where(ChainCapture.CURRENT, new ChainCapture())
                        .call(() -> {
                            ChainCapture.trustManager().checkClientTrusted(new X509Certificate[] {ROOT}, "UNKNOWN");
                            return true;
                        }))
                .isInstanceOf(CertificateException.class);
    }

    private static void check(ChainCapture capture, int count) throws CertificateException {
        X509Certificate[] sent = new X509Certificate[count];
        Arrays.fill(sent, ROOT);
        ScopedValue.where(ChainCapture.CURRENT, capture).call(() -> {
            ChainCapture.trustManager().checkServerTrusted(sent, "UNKNOWN");
            return true;
        });
    }
}
