package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a monitor says about the certificate it wants to see. */
@Timeout(20)
class CertificateOptionsRunTest {

    private static final ExpiryLimits DAYS = new ExpiryLimits(ExpiryLimits.Unit.DAYS, 21, 7);

    @Test
    void warnsAndFailsByPercentOfTheLifetime() throws IOException {
        // It began a day ago: 66 percent are left.
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1").expiringIn(Duration.ofDays(2)))) {
            assertThat(aRun().smtp(server).tls().judging(percent(70, 60)).run())
                    .warnsOf(FailureCode.EXPIRES_SOON, Phase.TLS)
                    .hasCertificateVerdicts(FailureCode.EXPIRES_SOON);
            assertThat(aRun().smtp(server).tls().judging(percent(80, 70)).run())
                    .failsWith(FailureCode.EXPIRES_SOON, Phase.TLS);
            assertThat(aRun().smtp(server).tls().judging(percent(60, 10)).run()).isOk();
        }
    }

    @Test
    void anotherNameMayBeExpected() throws IOException {
        try (TestServer server = serving(AUTHORITY.leaf("mail.example.org", "*.xn--mnchen-3ya.example"))) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.NAME_MISMATCH, Phase.TLS);
            assertThat(aRun().smtp(server)
                            .tls()
                            .judging(naming("mail.example.org"))
                            .run())
                    .isOk();
            assertThat(aRun().smtp(server)
                            .tls()
                            .judging(naming("imap.xn--mnchen-3ya.example"))
                            .run())
                    .isOk();
            assertThat(aRun().smtp(server).tls().judging(naming("192.0.2.1")).run())
                    .failsWith(FailureCode.NAME_MISMATCH, Phase.TLS);
        }
        try (TestServer server = serving(AUTHORITY.leaf("192.0.2.1", "2001:db8::1"))) {
            assertThat(aRun().smtp(server).tls().judging(naming("192.0.2.1")).run())
                    .isOk();
            assertThat(aRun().smtp(server).tls().judging(naming("2001:db8::1")).run())
                    .isOk();
        }
    }

    @Test
    void anAuthorityOfTheMonitorIsTrustedByItAlone() throws IOException {
        TestAuthority own = TestAuthority.create();
        try (TestServer server = serving(own.leaf("127.0.0.1"))) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.UNTRUSTED, Phase.TLS);
            assertThat(aRun().smtp(server).tls().judging(trusting(own.root())).run())
                    .isOk();
            assertThat(aRun().smtp(server)
                            .tls()
                            .judging(trusting(TestAuthority.create().root()))
                            .run())
                    .failsWith(FailureCode.UNTRUSTED, Phase.TLS);
        }
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1"))) {
            assertThat(aRun().smtp(server).tls().judging(trusting(own.root())).run())
                    .isOk();
        }
    }

    @Test
    void aPinnedLeafIsTrustedWhateverElseAndCarriesTheLogin() throws IOException, CertificateEncodingException {
        ServerIdentity selfSigned = AUTHORITY.leaf("other.example").selfSigned().issue();
        try (TestServer server =
                TestServer.smtp().tls(selfSigned).login(USER, PASSWORD).start()) {
            assertThat(aRun().smtp(server)
                            .tls()
                            .loggingIn()
                            .judging(pinning(selfSigned.leaf()))
                            .run())
                    .isOk()
                    .hasCertificateVerdicts()
                    .wentThrough(
                            Phase.RESOLVE,
                            Phase.CONNECT,
                            Phase.TLS,
                            Phase.GREETING,
                            Phase.CAPABILITY,
                            Phase.AUTH,
                            Phase.QUIT);
        }
    }

    /** Clients refuse nothing then: the limit at which runs fail does not count. */
    @ParameterizedTest
    @CsvSource({"22, false", "21, true", "3, true", "-1, true", "-400, true"})
    void theEndOfAPinnedLeafIsWarnedOfAndFailsNothing(int days, boolean warned)
            throws IOException, CertificateEncodingException {
        TestAuthority.Leaf leaf = AUTHORITY.leaf("127.0.0.1");
        ServerIdentity identity = (days < 0
                        ? leaf.expired(Duration.ofDays(-days))
                        : leaf.expiringIn(Duration.ofDays(days).plusHours(1)))
                .selfSigned()
                .issue();
        try (TestServer server =
                TestServer.smtp().tls(identity).login(USER, PASSWORD).start()) {
            ProbeResult result = aRun().smtp(server)
                    .tls()
                    .loggingIn()
                    .judging(pinning(identity.leaf()))
                    .run();
            if (warned) {
                assertThat(result)
                        .warnsOf(FailureCode.EXPIRES_SOON, Phase.TLS)
                        .hasCertificateVerdicts(FailureCode.EXPIRES_SOON);
            } else {
                assertThat(result).isOk().hasCertificateVerdicts();
            }
            Assertions.assertThat(server.received()).anyMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void ofAPinnedLeafTheEndOfItsIssuerDoesNotCount() throws IOException, CertificateEncodingException {
        ServerIdentity leaf = AUTHORITY.leaf("127.0.0.1").expiredIntermediate().issue();
        try (TestServer server = TestServer.smtp().tls(leaf).start()) {
            ProbeResult result =
                    aRun().smtp(server).tls().judging(pinning(leaf.leaf())).run();
            assertThat(result).isOk();
            Assertions.assertThat(Objects.requireNonNull(result.certificate()).daysLeft())
                    .isEqualTo(89);
        }
    }

    @Test
    void theServerNameOfTheMonitorIsWhatTheServerIsTold() throws IOException, CertificateEncodingException {
        ServerIdentity named = AUTHORITY.leaf("tenant.example.org", "127.0.0.1").issue();
        ServerIdentity expected =
                AUTHORITY.leaf("mail.example.org", "127.0.0.1").issue();
        for (ARun.Library library : ARun.Library.values()) {
            try (TestServer server =
                    TestServer.smtp().startTls(ARun.GOOD, named, expected).start()) {
                ARun run = aRun().smtp(server).startTls().by(library);
                Assertions.assertThat(leafOf(run.run())).isEqualTo(fingerprint(ARun.GOOD.leaf()));
                Assertions.assertThat(
                                leafOf(run.judging(naming("mail.example.org")).run()))
                        .isEqualTo(fingerprint(expected.leaf()));
                CertificatePolicy asking = new CertificatePolicy(
                        DAYS, false, new MailHost("127.0.0.1"), new MailHost("tenant.example.org"), List.of(), null);
                ProbeResult result = run.judging(asking).run();
                assertThat(result).isOk();
                Assertions.assertThat(leafOf(result)).isEqualTo(fingerprint(named.leaf()));
            }
        }
    }

    @Test
    void anyOtherLeafThanThePinnedFailsAndCarriesNoLogin() throws IOException, CertificateEncodingException {
        ServerIdentity another = AUTHORITY.leaf("127.0.0.1").issue();
        try (TestServer server =
                TestServer.smtp().tls(ARun.GOOD).login(USER, PASSWORD).start()) {
            assertThat(aRun().smtp(server)
                            .tls()
                            .loggingIn()
                            .judging(pinning(another.leaf()))
                            .run())
                    .failsWith(FailureCode.UNTRUSTED, Phase.TLS)
                    .hasCertificateVerdicts(FailureCode.UNTRUSTED)
                    .says("The server shows another certificate than the pinned one: its fingerprint is "
                            + fingerprint(ARun.GOOD.leaf()) + ".");
            Assertions.assertThat(server.received()).noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void aWeakKeyAndAWeakSignatureAreBothTold() throws IOException {
        try (TestServer server =
                serving(AUTHORITY.leaf("other.example").rsa(1024).sha1().expired(Duration.ofDays(1)))) {
            ProbeResult result = aRun().smtp(server).tls().run();
            assertThat(result)
                    .failsWith(FailureCode.EXPIRED, Phase.TLS)
                    .hasCertificateVerdicts(
                            FailureCode.EXPIRED, FailureCode.NAME_MISMATCH, FailureCode.WEAK, FailureCode.WEAK);
            Assertions.assertThat(Objects.requireNonNull(result.certificate()).verdicts().stream()
                            .map(CertificateVerdict::message)
                            .skip(2))
                    .containsExactly(
                            "The certificate of 'other.example' has an RSA key of 1024 bits, which is no longer safe.",
                            "The certificate of 'other.example' is signed with SHA1withECDSA, which is no longer"
                                    + " safe.");
        }
    }

    @Test
    void weakKeysAndWeakSignaturesAreToldApart() throws IOException {
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1").rsa(1024))) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.WEAK, Phase.TLS);
        }
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1").sha1())) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.WEAK, Phase.TLS);
        }
    }

    private static Fingerprint leafOf(ProbeResult result) {
        return Objects.requireNonNull(result.certificate()).chain().getFirst().fingerprint();
    }

    private static TestServer serving(TestAuthority.Leaf leaf) throws IOException {
        return TestServer.smtp().tls(leaf.issue()).start();
    }

    private static CertificatePolicy percent(int warning, int error) {
        return policy(new ExpiryLimits(ExpiryLimits.Unit.PERCENT, warning, error), null, List.of(), null);
    }

    private static CertificatePolicy naming(String name) {
        return policy(DAYS, new MailHost(name), List.of(), null);
    }

    private static CertificatePolicy trusting(X509Certificate authority) {
        return policy(DAYS, null, List.of(authority), null);
    }

    private static CertificatePolicy pinning(X509Certificate leaf) throws CertificateEncodingException {
        return policy(DAYS, null, List.of(), fingerprint(leaf));
    }

    private static Fingerprint fingerprint(X509Certificate leaf) throws CertificateEncodingException {
        return Fingerprint.ofDer(leaf.getEncoded());
    }

    private static CertificatePolicy policy(
            ExpiryLimits expiry,
            @Nullable MailHost expectedName,
            List<X509Certificate> anchors,
            @Nullable Fingerprint pin) {
        return new CertificatePolicy(expiry, false, expectedName, null, anchors, pin);
    }
}
