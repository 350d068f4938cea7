package io.postwatch.controller.run;

import static io.postwatch.controller.certificate.TestCertificates.der;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.certificate.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateViewTest {
    private static final byte[] GOOD = der(
            "CN=mail.example.org,O=Example",
            "EC",
            256,
            "SHA256withECDSA",
            new GeneralName(GeneralName.dNSName, "mail.example.org"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::25"),
            new GeneralName(GeneralName.rfc822Name, "someone@example.org"));

    @Test
    void readsWhatPeopleAskFor() {
        assertThat(CertificateView.read(GOOD)).hasValueSatisfying(view -> {
            assertThat(view.subject()).contains("CN=mail.example.org").contains("O=Example");
            assertThat(view.issuer()).isEqualTo(view.subject());
            assertThat(view.serialNumber()).isEqualTo("beef");
            assertThat(view.notBefore()).isEqualTo(TestCertificates.FROM);
            assertThat(view.notAfter()).isEqualTo(TestCertificates.UNTIL);
            assertThat(view.names()).containsExactly("mail.example.org", "2001:db8::25");
            assertThat(view.signatureAlgorithm()).isEqualTo("SHA256withECDSA");
            assertThat(view.fingerprint())
                    .isEqualTo(CertificateView.fingerprint(GOOD).hex());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, SHA256withRSA, RSA, 2048",
        "EC, 384, SHA384withECDSA, EC, 384",
        "Ed25519, 0, Ed25519, EdDSA, 256",
    })
    void tellsKeysApart(String algorithm, int bits, String signature, String shown, int shownBits) {
        assertThat(CertificateView.read(der("CN=x", algorithm, bits, signature)))
                .hasValueSatisfying(view -> {
                    assertThat(view.keyAlgorithm()).isEqualTo(shown);
                    assertThat(view.keyBits()).isEqualTo(shownBits);
                    assertThat(view.names()).isEmpty();
                });
    }

    @Test
    void takesControlCharactersOutOfHostileNames() {
        assertThat(CertificateView.read(der("CN=evil\u001b[31m\u202e")))
                .hasValueSatisfying(view -> assertThat(
                                view.subject().codePoints().anyMatch(c -> c < 32 || c == 0x202e))
                        .isFalse());
    }

    @Test
    void takesNothingButTheBytesOfOneCertificate() {
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(GOOD)
                + "\n-----END CERTIFICATE-----\n";
        assertThat(CertificateView.read(pem.getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(CertificateView.read(Arrays.copyOf(GOOD, GOOD.length + 1))).isEmpty();
        assertThat(CertificateView.read(new byte[0])).isEmpty();
        assertThat(CertificateView.read(new byte[CertificateView.MAX_DER_BYTES + 1]))
                .isEmpty();
    }

    /** Every cut and thousands of damaged copies: whatever a server sends, reading it never throws. */
    @Test
    void neverThrows() {
        int readable = 0;
        for (int length = 0; length < GOOD.length; length++) {
            assertThat(CertificateView.read(Arrays.copyOf(GOOD, length))).isEmpty();
        }
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = GOOD.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            readable += CertificateView.read(damaged).isPresent() ? 1 : 0;
        }
        assertThat(readable).as("some damage is to names and keys only").isBetween(1, 19_999);
    }
}
