package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
@ParameterizedClass
@EnumSource(ARun.Library.class)
class TlsRunTest {

    private static final CertificatePolicy REPORT_ONLY = new CertificatePolicy(21, 7, true);

    private final ARun.Library library;

    TlsRunTest(ARun.Library library) {
        this.library = library;
    }

    @Test
    void keepsTheChainAndTheDaysOfAGoodCertificate() throws IOException, CertificateEncodingException {
        ServerIdentity good =
                aLeaf().expiringIn(Duration.ofDays(40).plusHours(1)).issue();
        try (TestServer server = TestServer.imap().tls(good).start()) {
            ProbeResult result = aRun().imap(server).tls().run();

            assertThat(result).isOk().hasCertificateVerdicts();
            CertificateFindings findings = Objects.requireNonNull(result.certificate());
            Assertions.assertThat(findings.chain()).hasSize(2);
            Assertions.assertThat(findings.chain().getFirst().fingerprint())
                    .isEqualTo(Fingerprint.ofDer(good.leaf().getEncoded()));
            Assertions.assertThat(findings.daysLeft()).isEqualTo(40);
            Assertions.assertThat(Objects.requireNonNull(result.tls()).protocol())
                    .isEqualTo("TLSv1.3");
        }
    }

    @Test
    void tellsAnExpiredCertificateWithItsChainAndDays() throws IOException {
        ProbeResult result = failing(aLeaf().expired(Duration.ofDays(3).plusHours(1)), FailureCode.EXPIRED);
        CertificateFindings findings = Objects.requireNonNull(result.certificate());
        Assertions.assertThat(findings.chain()).hasSize(2);
        Assertions.assertThat(findings.daysLeft()).isEqualTo(-4);
        assertThat(result).hasTranscriptLine(Direction.NOTE, "expired 3 days ago");
    }

    @Test
    void anExpiredCertificateIsNotUntrustedBecauseItsIssuerIsYounger() throws IOException {
        failing(aLeaf().expired(Duration.ofDays(400)), FailureCode.EXPIRED);
        failing(
                TestAuthority.create().leaf("127.0.0.1").expired(Duration.ofDays(400)),
                FailureCode.EXPIRED,
                FailureCode.UNTRUSTED);
        failing(
                aLeaf().expired(Duration.ofDays(400)).withoutIntermediate(),
                FailureCode.EXPIRED,
                FailureCode.INCOMPLETE_CHAIN);
    }

    @Test
    void tellsEveryOtherThingThatCanBeWrongWithACertificate() throws IOException {
        failing(aLeaf().notYetValid(), FailureCode.NOT_YET_VALID);
        failing(AUTHORITY.leaf("127.0.0.2", "other.example"), FailureCode.NAME_MISMATCH);
        failing(AUTHORITY.leaf(), FailureCode.NAME_MISMATCH);
        failing(aLeaf().selfSigned(), FailureCode.SELF_SIGNED);
        failing(aLeaf().withoutIntermediate(), FailureCode.INCOMPLETE_CHAIN);
        failing(TestAuthority.create().leaf("127.0.0.1"), FailureCode.UNTRUSTED);
        failing(aLeaf().forClientsOnly(), FailureCode.UNTRUSTED);
        failing(aLeaf().sha1(), FailureCode.WEAK);
        failing(aLeaf().rsa(1024), FailureCode.WEAK);
    }

    @Test
    void tellsAllThatIsWrongWorstFirst() throws IOException {
        failing(
                AUTHORITY.leaf("other.example").expired(Duration.ofDays(1)).selfSigned(),
                FailureCode.EXPIRED,
                FailureCode.SELF_SIGNED,
                FailureCode.NAME_MISMATCH);
    }

    @Test
    void warnsAndFailsAsTheDaysRunOut() throws IOException {
        try (TestServer soon = serving(aLeaf().expiringIn(Duration.ofDays(20)));
                TestServer verySoon = serving(aLeaf().expiringIn(Duration.ofDays(5)))) {
            assertThat(run(soon)).warnsOf(FailureCode.EXPIRES_SOON, Phase.TLS);
            assertThat(run(verySoon)).failsWith(FailureCode.EXPIRES_SOON, Phase.TLS);
            assertThat(aRun().smtp(verySoon)
                            .tls()
                            .judging(new CertificatePolicy(21, 0, false))
                            .run())
                    .warnsOf(FailureCode.EXPIRES_SOON, Phase.TLS);
            assertThat(aRun().smtp(verySoon)
                            .tls()
                            .judging(new CertificatePolicy(0, 0, false))
                            .run())
                    .isOk();
            assertThat(aRun().smtp(verySoon).tls().judging(REPORT_ONLY).run())
                    .isOk()
                    .hasCertificateVerdicts(FailureCode.EXPIRES_SOON);
        }
    }

    @Test
    void aCertificateThatExpiresSoonStillCarriesTheLogin() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(aLeaf().expiringIn(Duration.ofDays(20)).issue())
                .login(USER, PASSWORD);
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run()).warnsOf(FailureCode.EXPIRES_SOON, Phase.TLS);
            Assertions.assertThat(server.received()).anyMatch(line -> line.startsWith("AUTH PLAIN"));
        }
    }

    @Test
    void aBadChainNeverCarriesThePassword() throws IOException {
        ServerIdentity bad = aLeaf().selfSigned().issue();
        for (CertificatePolicy policy : new CertificatePolicy[] {CertificatePolicy.DEFAULT, REPORT_ONLY}) {
            try (TestServer smtp = TestServer.smtp()
                            .startTls(bad)
                            .login(USER, PASSWORD)
                            .start();
                    TestServer imap =
                            TestServer.imap().tls(bad).login(USER, PASSWORD).start()) {
                aRun().smtp(smtp).startTls().loggingIn().judging(policy).run();
                aRun().imap(imap).tls().loggingIn().judging(policy).run();

                Assertions.assertThat(smtp.received())
                        .containsExactly("EHLO prober.example.net", "STARTTLS", "EHLO prober.example.net", "QUIT");
                Assertions.assertThat(imap.received()).containsExactly("p1 CAPABILITY", "p2 LOGOUT");
            }
        }
    }

    @Test
    void reportOnlyFailsNoRunButWarnsWhereTheLoginWasNotChecked() throws IOException {
        SmtpScript script = TestServer.smtp().tls(aLeaf().selfSigned().issue()).login(USER, PASSWORD);
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().judging(REPORT_ONLY).run())
                    .isOk()
                    .hasCertificateVerdicts(FailureCode.SELF_SIGNED);
            assertThat(aRun().smtp(server)
                            .tls()
                            .judging(REPORT_ONLY)
                            .loggingIn()
                            .run())
                    .warnsOf(FailureCode.SELF_SIGNED, Phase.TLS)
                    .hasTranscriptLine(Direction.NOTE, "withheld");
        }
    }

    @Test
    void aServerOnAnotherVersionOrCipherIsNamed() throws IOException {
        ServerIdentity rsa = aLeaf().rsa(2048).issue();
        SmtpScript otherCipher = TestServer.smtp()
                .tls(aLeaf().issue())
                .protocols("TLSv1.2")
                // The server's key is EC: this suite, all it may use, needs RSA.
                .cipherSuites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        try (TestServer tls12 = TestServer.smtp().tls(rsa).protocols("TLSv1.2").start();
                TestServer none = otherCipher.start()) {
            ProbeResult result = run(tls12);
            assertThat(result).isOk();
            Assertions.assertThat(Objects.requireNonNull(result.tls()).protocol())
                    .isEqualTo("TLSv1.2");

            assertThat(run(none)).failsWith(FailureCode.NO_COMMON_CIPHER, Phase.TLS);
        }
    }

    @Test
    void afterAHandshakeOfTls12WithStarttlsTheProberSpeaksFirst() throws IOException {
        SmtpScript script = TestServer.smtp().startTls(aLeaf().issue()).protocols("TLSv1.2");
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).startTls().run()).isOk();
        }
    }

    /** No ECDSA key on P-521 and no finite-field Diffie-Hellman is known to BoringSSL; the JDK knows both. */
    @Test
    void whatOnlyTheJdkKnowsIsAskedForOnceMoreAndRememberedThen() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(aLeaf().rsa(2048).issue())
                .protocols("TLSv1.2")
                .cipherSuites("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");
        try (TestServer server = script.start()) {
            int first = library == ARun.Library.JDK ? 1 : 2;

            ProbeResult result = run(server);
            // Only what the attempt that counts has found; of the other the transcript tells.
            assertThat(result)
                    .isOk()
                    .hasConsistentTimes()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT);
            Assertions.assertThat(Objects.requireNonNull(result.network()).attempts())
                    .hasSize(1);
            Assertions.assertThat(server.connections()).isEqualTo(first);
            assertThat(run(server)).isOk();
            Assertions.assertThat(server.connections()).isEqualTo(first + 1);
        }
    }

    @Test
    void everyHandshakeIsAFullOne() throws IOException {
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SmtpScript script = TestServer.smtp().tls(aLeaf().issue()).protocols(protocol);
            try (TestServer server = script.start()) {
                for (int i = 0; i < 3; i++) {
                    Assertions.assertThat(Objects.requireNonNull(run(server).certificate())
                                    .chain())
                            .hasSize(2);
                }
            }
        }
    }

    @Test
    void anAncientServerSpeaksNoSafeVersion() throws IOException {
        // A fatal alert protocol_version, and a ServerHello of TLS 1.0 as far as anybody reads it, with a suite of that
        // time.
        byte[] alert = {21, 3, 1, 0, 2, 2, 70};
        byte[] hello = new byte[5 + 4 + 38];
        System.arraycopy(new byte[] {22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1}, 0, hello, 0, 11);
        hello[44] = (byte) 0xc0;
        hello[45] = 0x13;
        assertSpeaksNoSafeVersion(alert, "answers in TLS 1.0");
        assertSpeaksNoSafeVersion(hello, "speaks TLS 1.0 only");
    }

    @Test
    void aLegacyServerThatRefusesTheOfferAcceptsNoSafeVersion() throws IOException {
        for (String version : new String[] {"TLSv1", "TLSv1.1"}) {
            try (TestServer server = TestServer.smtp()
                    .tls(aLeaf().rsa(2048).issue())
                    .protocols(version)
                    .start()) {
                assertThat(run(server)).failsWith(FailureCode.PROTOCOL_VERSION, Phase.TLS);
            }
        }
    }

    private void assertSpeaksNoSafeVersion(byte[] answer, String told) throws IOException {
        try (TestServer server = TestServer.smtp()
                .greeting(Reply.bytes(answer).thenPause(Duration.ofMillis(200)))
                .start()) {
            ProbeResult result = run(server);
            assertThat(result).failsWith(FailureCode.PROTOCOL_VERSION, Phase.TLS);
            Assertions.assertThat(Objects.requireNonNull(result.failure()).message())
                    .contains(told);
            Assertions.assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void anAlertIsNamed() throws IOException {
        byte[] alert = {21, 3, 3, 0, 2, 2, 80};
        try (TestServer server = TestServer.smtp()
                .greeting(Reply.bytes(alert).thenPause(Duration.ofMillis(200)))
                .start()) {
            ProbeResult result = run(server);
            assertThat(result).failsWith(FailureCode.ALERT, Phase.TLS);
            Assertions.assertThat(Objects.requireNonNull(result.failure()).message())
                    .contains("internal_error");
        }
    }

    @Test
    void aDemandedClientCertificateIsAnAlert() throws IOException {
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SmtpScript script =
                    TestServer.smtp().tls(aLeaf().issue()).protocols(protocol).clientCertificateDemanded();
            try (TestServer server = script.start()) {
                ProbeResult result = run(server);
                // In TLS 1.3 the client is done before the server says no.
                assertThat(result)
                        .failsWith(FailureCode.ALERT, protocol.equals("TLSv1.2") ? Phase.TLS : Phase.GREETING);
                Assertions.assertThat(Objects.requireNonNull(result.failure()).message())
                        .contains(protocol.equals("TLSv1.2") ? "handshake_failure" : "certificate_required");
                Assertions.assertThat(result.certificate()).isNotNull();
            }
        }
    }

    @Test
    void whatIsNoTlsIsSaidToBeNone() throws IOException {
        try (TestServer plain = TestServer.smtp().start();
                TestServer closing = TestServer.smtp().greeting(Reply.close()).start();
                TestServer resetting =
                        TestServer.smtp().greeting(Reply.resetAfterByte()).start()) {
            assertThat(run(plain))
                    .failsWith(FailureCode.HANDSHAKE_FAILED, Phase.TLS)
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.TLS);
            assertThat(run(resetting)).failsWith(FailureCode.CONNECTION_RESET, Phase.TLS);
            ProbeResult closed = run(closing);
            Assertions.assertThat(Objects.requireNonNull(closed.failure()).code())
                    .isIn(FailureCode.HANDSHAKE_FAILED, FailureCode.CONNECTION_RESET);
        }
    }

    @Test
    void aHandshakeThatNeverEndsIsEndedByTheDeadline() throws IOException {
        SmtpScript silentAfterStartTls = TestServer.smtp()
                .startTls(aLeaf().issue())
                .onCommand("STARTTLS", Reply.lines("220 Go").thenPause(Duration.ofSeconds(30)));
        try (TestServer silent = TestServer.smtp().greeting(Reply.silence()).start();
                TestServer second = silentAfterStartTls.start()) {
            assertThat(aRun().smtp(silent).tls().within(Duration.ofMillis(1500)).run())
                    .failsWith(FailureCode.HANDSHAKE_TIMEOUT, Phase.TLS)
                    .tookLessThan(Duration.ofSeconds(5));
            assertThat(aRun().smtp(second)
                            .startTls()
                            .within(Duration.ofMillis(1500))
                            .run())
                    .failsWith(FailureCode.HANDSHAKE_TIMEOUT, Phase.TLS)
                    .tookLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void whatTheJudgementTakesIsNotTheServersTime() throws IOException {
        AtomicLong passed = new AtomicLong();
        InstantSource slowJudge = () -> {
            passed.addAndGet(Duration.ofSeconds(11).toNanos());
            return Instant.now();
        };
        MailProbe probe = library.probe(slowJudge, () -> System.nanoTime() + passed.get());
        try (TestServer server = serving(aLeaf())) {
            ProbeResult result = aRun().smtp(server).tls().by(probe).run();
            assertThat(result).isOk();
            Assertions.assertThat(result.phases())
                    .filteredOn(timing -> timing.phase() == Phase.TLS)
                    .singleElement()
                    .satisfies(
                            timing -> Assertions.assertThat(timing.duration()).isLessThan(Duration.ofSeconds(11)));
        }
    }

    @Test
    void theNameIsTheOneThatWasAskedFor() throws IOException {
        try (TestServer server = serving(AUTHORITY.leaf("localhost"))) {
            assertThat(aRun().smtp(server).against("localhost").tls().run()).isOk();
            assertThat(aRun().smtp(server).against("127.0.0.1").tls().run())
                    .failsWith(FailureCode.NAME_MISMATCH, Phase.TLS);
        }
    }

    private ARun aRun() {
        return ARun.aRun().by(library);
    }

    private static TestAuthority.Leaf aLeaf() {
        return AUTHORITY.leaf("127.0.0.1", "localhost");
    }

    private static TestServer serving(TestAuthority.Leaf leaf) throws IOException {
        return TestServer.smtp().tls(leaf.issue()).start();
    }

    private ProbeResult run(TestServer server) {
        return aRun().smtp(server).tls().run();
    }

    private ProbeResult failing(TestAuthority.Leaf leaf, FailureCode... codes) throws IOException {
        try (TestServer server = serving(leaf)) {
            ProbeResult result = run(server);
            assertThat(result)
                    .failsWith(codes[0], Phase.TLS)
                    .hasCertificateVerdicts(codes)
                    // The dialogue goes on, without credentials: it tells what else there is to know.
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT);
            return result;
        }
    }
}
