package io.postwatch.agent.probe.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapturedCertificateTest {

    @Test
    void aCertificateIsItsBytes() {
        byte[] der = {1, 2, 3};
        CapturedCertificate captured = CapturedCertificate.of(der);
        der[0] = 9;
        assertThat(captured).isEqualTo(CapturedCertificate.of(new byte[] {1, 2, 3}));
        assertThat(captured.fingerprint().hex())
                .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        assertThat(new Fingerprint(captured.fingerprint().hex()).bytes()).hasSize(32);
    }
}
