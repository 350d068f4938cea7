package io.postwatch.controller.monitor;

import static io.postwatch.controller.monitor.MonitorRequests.aMonitor;
import static io.postwatch.controller.monitor.MonitorRequests.check;
import static io.postwatch.controller.monitor.MonitorRequests.good;
import static io.postwatch.controller.monitor.MonitorRequests.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.certificate.TestCertificates;
import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.CertificatePolicy.Expiry;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.PhaseThreshold;
import io.postwatch.controller.check.TrustAnchors;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ExpectationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.PhaseThresholdRequest;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.web.problem.FieldError;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options that most monitors do without: accepted, refused at their bounds, contradictions told; those of the dialogue in {@link DialogueOptionsTest}. */
class MonitorOptionsTest {
    private static final String PIN = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final byte[] AUTHORITY = TestCertificates.der("CN=Our CA");

    @Test
    void whereNothingIsSaidNoneIsSet() {
        var settings = good(aMonitor()).settings();

        assertThat(settings.expectations()).isEqualTo(Expectations.NONE);
        assertThat(settings.stopAfter()).isNull();
        assertThat(settings.recipient()).isNull();
        assertThat(settings.folder()).isNull();
        assertThat(settings.thresholds().phases()).isEmpty();
        assertThat(settings.certificate()).isEqualTo(new CertificatePolicy(21, 7, false));
        assertThat(StoredOptions.of(settings).json()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, PLAIN",
        "LOGIN, LOGIN",
        "CRAM-MD5, CRAM_MD5",
        "SCRAM-SHA-1, SCRAM_SHA_1",
        "SCRAM-SHA-256, SCRAM_SHA_256",
    })
    void aPasswordGoesWithItsMechanisms(String name, AuthMechanism mechanism) {
        assertThat(good(aMonitor().login("user", "secret", name, null))
                        .settings()
                        .login())
                .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.PASSWORD, mechanism, false));
        refuses(aMonitor().token("user", "token", name), "credentials.mechanism", "contradiction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"XOAUTH2", "OAUTHBEARER"})
    void anAccessTokenGoesWithItsMechanisms(String name) {
        MonitorDraft draft = good(aMonitor().token("user", "ya29.token", name));
        assertThat(draft.settings().login())
                .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.ACCESS_TOKEN, AuthMechanism.valueOf(name), false));
        assertThat(draft.newSecret()).isEqualTo(new LoginSecret("ya29.token"));
        assertThat(draft.toString()).doesNotContain("ya29");
        refuses(aMonitor().login("user", "secret", name, null), "credentials.mechanism", "contradiction");
        refuses(aMonitor().login("user", null, name, null), "credentials.accessToken", "required");
    }

    @Test
    void anAccessTokenIsPrintableAsciiOfABoundedLength() {
        assertThat(good(aMonitor().token("user", "x".repeat(8_192), null))
                        .settings()
                        .login())
                .isEqualTo(new MonitorLogin("user", LoginSecret.Kind.ACCESS_TOKEN, null, false));
        refuses(aMonitor().token("user", "", null), "credentials.accessToken", "required");
        refuses(aMonitor().token("user", "x".repeat(8_193), null), "credentials.accessToken", "too-long");
        refuses(aMonitor().token("user", "a\u0001b", null), "credentials.accessToken", "control-characters");
        refuses(aMonitor().token("user", "Bearer abc", null), "credentials.accessToken", "bad-token");
        refuses(aMonitor().token("user", "tökén", null), "credentials.accessToken", "bad-token");
        refuses(aMonitor().login("user", "x", "USER-PASS", null), "credentials.mechanism", "unknown-value");
        refuses(
                aMonitor().credentials(new CredentialsRequest("user", "password", "token", null, null, null)),
                "credentials.accessToken",
                "contradiction");
        var both = new CredentialsRequest("user", "canary-1", "canary-2", null, null, null);
        assertThat(both.toString()).doesNotContain("canary");
        assertThat(aMonitor().credentials(both).build().withoutSecret().credentials())
                .isEqualTo(new CredentialsRequest("user", null, null, null, null, null));
    }

    @Test
    void phasesHaveThresholdsOfTheirOwn() {
        assertThat(good(aMonitor()
                                .phases(
                                        new PhaseThresholdRequest("connect", 1, 3),
                                        new PhaseThresholdRequest("tls", null, 29),
                                        new PhaseThresholdRequest("auth", 2, 0),
                                        new PhaseThresholdRequest("quit", 4, 4)))
                        .settings()
                        .thresholds()
                        .phases())
                .containsExactly(
                        new PhaseThreshold(Phase.CONNECT, Duration.ofSeconds(1), Duration.ofSeconds(3)),
                        new PhaseThreshold(Phase.TLS, null, Duration.ofSeconds(29)),
                        new PhaseThreshold(Phase.AUTH, Duration.ofSeconds(2), null),
                        new PhaseThreshold(Phase.QUIT, Duration.ofSeconds(4), Duration.ofSeconds(4)));
        for (String phase : List.of(
                "resolve",
                "connect",
                "tls",
                "greeting",
                "capability",
                "starttls",
                "auth",
                "select",
                "mail",
                "rcpt",
                "quit")) {
            assertThat(good(aMonitor().phase(phase, 1, null))
                            .settings()
                            .thresholds()
                            .phases())
                    .hasSize(1);
        }
        refuses(aMonitor().phase("data", 1, 2), "thresholds.phases[0].phase", "unknown-value");
        refuses(aMonitor().phase(null, 1, 2), "thresholds.phases[0].phase", "required");
        refuses(aMonitor().phase("tls", null, null), "thresholds.phases[0]", "required");
        refuses(aMonitor().phase("tls", 0, 0), "thresholds.phases[0]", "required");
        refuses(aMonitor().phase("tls", 30, null), "thresholds.phases[0].warningSeconds", "out-of-range");
        refuses(aMonitor().phase("tls", null, -1), "thresholds.phases[0].errorSeconds", "out-of-range");
        refuses(aMonitor().phase("tls", 3, 2), "thresholds.phases[0].warningSeconds", "contradiction");
        refuses(aMonitor().phases((PhaseThresholdRequest) null), "thresholds.phases[0]", "required");
        refuses(
                aMonitor().phases(new PhaseThresholdRequest("tls", 1, 2), new PhaseThresholdRequest("tls", 3, 4)),
                "thresholds.phases[1].phase",
                "contradiction");
        refuses(
                aMonitor()
                        .phases(Collections.nCopies(12, new PhaseThresholdRequest("tls", 1, 2))
                                .toArray(PhaseThresholdRequest[]::new)),
                "thresholds.phases",
                "too-many");
    }

    @Test
    void expiryIsToldByPercentOfTheLifetimeInPlaceOfDays() {
        assertThat(expiry(aMonitor().percent(33, 10))).isEqualTo(new Expiry.Percent(33, 10));
        assertThat(expiry(aMonitor().percent(99, 99))).isEqualTo(new Expiry.Percent(99, 99));
        assertThat(expiry(aMonitor().percent(1, null))).isEqualTo(new Expiry.Percent(1, null));
        assertThat(expiry(aMonitor().percent(null, 1))).isEqualTo(new Expiry.Percent(null, 1));
        refuses(aMonitor().percent(0, null), "certificate.warningPercent", "out-of-range");
        refuses(aMonitor().percent(100, null), "certificate.warningPercent", "out-of-range");
        refuses(aMonitor().percent(null, 0), "certificate.errorPercent", "out-of-range");
        refuses(aMonitor().percent(null, 100), "certificate.errorPercent", "out-of-range");
        refuses(aMonitor().percent(10, 11), "certificate.warningPercent", "contradiction");
        refuses(
                aMonitor().certificate(new CertificateRequest(21, null, 33, null, null, null, null, null, null)),
                "certificate.warningPercent",
                "contradiction");
        refuses(
                aMonitor().certificate(new CertificateRequest(null, 7, null, 10, null, null, null, null, null)),
                "certificate.errorPercent",
                "contradiction");
    }

    @Test
    void theCertificateMayBeForAnotherNameAndAskedForByAnother() {
        assertThat(policy(aMonitor().expectedName("Müller.example")).expectedName())
                .isEqualTo(new MailHost("xn--mller-kva.example"));
        assertThat(policy(aMonitor().expectedName("192.0.2.1")).expectedName()).isEqualTo(new MailHost("192.0.2.1"));
        assertThat(policy(aMonitor().serverName("SNI.example")).serverName()).isEqualTo(new MailHost("sni.example"));
        refuses(aMonitor().expectedName("a b"), "certificate.expectedName", "bad-host");
        refuses(aMonitor().expectedName(""), "certificate.expectedName", "bad-host");
        refuses(aMonitor().serverName("a_b.example"), "certificate.serverName", "bad-host");
        refuses(aMonitor().serverName("192.0.2.1"), "certificate.serverName", "bad-host");
        refuses(aMonitor().serverName("2001:db8::1"), "certificate.serverName", "bad-host");
    }

    @Test
    void authoritiesOfOnesOwnAreTrusted() {
        TrustAnchors one = new TrustAnchors(List.of(Bytes.of(AUTHORITY)));
        String pem = one.pem();
        assertThat(policy(aMonitor().trustAnchors("Our CA\n" + pem.replace("\n", "\r\n") + pem))
                        .trustAnchors())
                .as("once each, whatever stands around them")
                .isEqualTo(one);
        refuses(aMonitor().trustAnchors(""), "certificate.trustAnchors", "bad-certificate");
        refuses(aMonitor().trustAnchors("CN=Our CA"), "certificate.trustAnchors", "bad-certificate");
        refuses(aMonitor().trustAnchors(pem.replace("MII", "AAA")), "certificate.trustAnchors", "bad-certificate");
        refuses(
                aMonitor().trustAnchors(pem + pem.replace("CERTIFICATE", "PRIVATE KEY")),
                "certificate.trustAnchors",
                "bad-certificate");
        refuses(aMonitor().trustAnchors(pem + " ".repeat(64 * 1024)), "certificate.trustAnchors", "too-long");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            many.append(new TrustAnchors(List.of(Bytes.of(TestCertificates.der("CN=CA " + i)))).pem());
        }
        assertThat(policy(aMonitor().trustAnchors(many.toString()))
                        .trustAnchors()
                        .certificates())
                .hasSize(10);
        refuses(aMonitor().trustAnchors(many + pem), "certificate.trustAnchors", "too-many");
    }

    @Test
    void oneCertificateMayBePinned() {
        String pairs = PIN.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
        for (String given : List.of(PIN, pairs, " " + PIN + "\n")) {
            assertThat(policy(aMonitor().pin(given)).pin()).isEqualTo(new Fingerprint(PIN));
        }
        for (String given :
                List.of("", PIN.substring(1), PIN + "0", PIN.replace('0', 'g'), pairs + ":", "sha256:" + PIN)) {
            refuses(aMonitor().pin(given), "certificate.pin", "bad-fingerprint");
        }
    }

    @Test
    void saysAllThatIsWrongWithOptionsAtOnce() {
        assertThat(MonitorRequests.errors(check(
                        aMonitor()
                                .host("")
                                .phase("x", 1, 2)
                                .pin("x")
                                .recipient("a@example.org")
                                .stopAfter("x")
                                .credentials(new CredentialsRequest("", null, "", null, "x", null)),
                        null)))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "host",
                        "thresholds.phases[0].phase",
                        "certificate.pin",
                        "stopAfter",
                        "credentials.username",
                        "credentials.accessToken",
                        "credentials.mechanism",
                        "recipient");
    }

    @Test
    void optionsReadBackAsTheyWereStored() {
        var settings = good(aMonitor()
                        .login("user", "x")
                        .certificate(new CertificateRequest(
                                null,
                                null,
                                30,
                                10,
                                true,
                                "mail.example.net",
                                "sni.example.net",
                                new TrustAnchors(List.of(Bytes.of(AUTHORITY))).pem(),
                                PIN))
                        .expectations(new ExpectationsRequest("ready", List.of("IDLE"), "1.3"))
                        .folder("INBOX")
                        .stopAfter("select")
                        .phase("tls", 1, null))
                .settings();

        StoredOptions stored = StoredOptions.read(StoredOptions.of(settings).json());

        assertThat(stored.phaseThresholds()).isEqualTo(settings.thresholds().phases());
        assertThat(stored.certificate(new Expiry.Days(0, 0), true)).isEqualTo(settings.certificate());
        assertThat(stored.expectations()).isEqualTo(settings.expectations());
        assertThat(stored.stopAfter()).isEqualTo(settings.stopAfter());
        assertThat(stored.folder()).isEqualTo(settings.folder());
        assertThat(stored.trustAnchors()).containsExactly(Base64.getEncoder().encodeToString(AUTHORITY));
    }

    private static CertificatePolicy policy(MonitorRequests request) {
        return good(request).settings().certificate();
    }

    private static Expiry expiry(MonitorRequests request) {
        return policy(request).expiry();
    }
}
