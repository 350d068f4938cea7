package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
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
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        ServerIdentity selfSigned = AUTHORITY
                .leaf("other.example")
                .expired(Duration.ofDays(1))
                .selfSigned()
                .issue();
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
    void weakKeysAndWeakSignaturesAreToldApart() throws IOException {
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1").rsa(1024))) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.WEAK, Phase.TLS);
        }
        try (TestServer server = serving(AUTHORITY.leaf("127.0.0.1").sha1())) {
            assertThat(aRun().smtp(server).tls().run()).failsWith(FailureCode.WEAK, Phase.TLS);
        }
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
