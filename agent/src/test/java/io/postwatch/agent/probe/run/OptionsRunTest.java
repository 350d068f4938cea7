package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.SlowLimits;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.TlsVersion;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where runs stop, what they expect, and which phases are slow. */
@Timeout(20)
class OptionsRunTest {

    private static final CertificatePolicy NAMED = new CertificatePolicy(
            CertificatePolicy.DEFAULT.expiry(), false, new MailHost("mail.example.org"), null, List.of(), null);

    @ParameterizedTest
    @EnumSource
    void stopsAfterTheGreetingWithoutAWord(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().startTls(GOOD).start()) {
            assertThat(aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.GREETING)
                            .run())
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.GREETING, Phase.QUIT);
            Assertions.assertThat(server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopsAfterTheCapabilitiesToldFirst(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().startTls(GOOD).start()) {
            assertThat(aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.CAPABILITY)
                            .run())
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopsAfterStartTlsAndItsHandshake(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().startTls(GOOD).start()) {
            assertThat(aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.STARTTLS)
                            .run())
                    .isOk()
                    .wentThrough(
                            Phase.RESOLVE,
                            Phase.CONNECT,
                            Phase.GREETING,
                            Phase.CAPABILITY,
                            Phase.STARTTLS,
                            Phase.TLS,
                            Phase.QUIT);
        }
    }

    /** What was told before TLS anybody may have said. */
    @ParameterizedTest
    @EnumSource
    void capabilitiesToldBeforeTlsAreForgottenAtTheUpgrade(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().startTls(GOOD).start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .startTls()
                    .stoppingAfter(StopPoint.STARTTLS)
                    .run();

            assertThat(result).isOk();
            Assertions.assertThat(result.capabilities()).isEmpty();
        }
        Script<?> hangingUp =
                protocol.script().startTls(GOOD).onCommand(protocol.capabilityCommand(), Reply.usual(), Reply.close());
        try (TestServer server = hangingUp.start()) {
            ProbeResult result = aRun().of(protocol, server).startTls().run();

            assertThat(result).failsWith(FailureCode.UNEXPECTED_CLOSE, Phase.CAPABILITY);
            Assertions.assertThat(result.capabilities()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCapabilityIsExpectedOfWhatIsToldThroughTls(MailProtocol protocol) throws IOException {
        Expectations startTls = new Expectations(null, List.of(protocol.startTlsCommand()), null);
        try (TestServer server = protocol.script().startTls(GOOD).start()) {
            assertThat(aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.STARTTLS)
                            .expecting(startTls)
                            .run())
                    .failsWith(FailureCode.EXPECTATION_NOT_MET, Phase.CAPABILITY);
        }
    }

    @Test
    void stopsAfterTheLoginBeforeFolderAndRecipient() throws IOException {
        try (TestServer server =
                TestServer.imap().tls(GOOD).login(USER, PASSWORD).start()) {
            ProbeResult result = aRun().imap(server)
                    .opening("INBOX")
                    .tls()
                    .loggingIn()
                    .stoppingAfter(StopPoint.AUTH)
                    .run();
            assertThat(result).isOk();
            Assertions.assertThat(server.received()).noneMatch(line -> line.contains("EXAMINE"));
        }
        try (TestServer server =
                TestServer.smtp().tls(GOOD).login(USER, PASSWORD).start()) {
            assertThat(aRun().smtp(server)
                            .to("postmaster@example.org")
                            .tls()
                            .loggingIn()
                            .stoppingAfter(StopPoint.AUTH)
                            .run())
                    .isOk();
            Assertions.assertThat(server.received()).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void contradictionsAreNoRequests(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().start()) {
            List<ARun> contradicting = List.of(
                    aRun().of(protocol, server).loggingIn().stoppingAfter(StopPoint.GREETING),
                    aRun().of(protocol, server).stoppingAfter(StopPoint.AUTH),
                    aRun().of(protocol, server).tls().stoppingAfter(StopPoint.STARTTLS),
                    aRun().of(protocol, server).stoppingAfter(StopPoint.RCPT),
                    aRun().of(protocol, server).stoppingAfter(StopPoint.SELECT),
                    aRun().of(protocol, server).expecting(tls(TlsVersion.TLS_1_2)),
                    aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.CAPABILITY)
                            .expecting(tls(TlsVersion.TLS_1_2)),
                    aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.GREETING)
                            .judging(NAMED),
                    aRun().of(protocol, server)
                            .startTls()
                            .stoppingAfter(StopPoint.CAPABILITY)
                            .judging(NAMED),
                    aRun().of(protocol, server)
                            .stoppingAfter(StopPoint.GREETING)
                            .expecting(new Expectations(null, List.of("STARTTLS"), null)));
            for (ARun run : contradicting) {
                Assertions.assertThatIllegalArgumentException().isThrownBy(() -> run.request(0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void expectsPartOfTheGreetingInAnyCase(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script()
                .greeting(protocol.greeting() + "mail.example.org ready")
                .start()) {
            assertThat(aRun().of(protocol, server)
                            .expecting(new Expectations("MAIL.Example.org", List.of(), null))
                            .run())
                    .isOk();
            assertThat(aRun().of(protocol, server)
                            .expecting(new Expectations("mx2.example.org", List.of(), null))
                            .run())
                    .failsWith(FailureCode.EXPECTATION_NOT_MET, Phase.GREETING)
                    .tellsThatServerSaid(protocol.greeting() + "mail.example.org ready");
        }
    }

    @Test
    void expectsPartOfAnyLineOfTheGreeting() throws IOException {
        try (TestServer server = TestServer.smtp()
                .greeting("220-mx1.example.org", "220-No junk", "220 ready")
                .start()) {
            assertThat(aRun().smtp(server)
                            .expecting(new Expectations("mx1", List.of(), null))
                            .run())
                    .isOk();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SMTP, size, true", "SMTP, size 10240000, true", "SMTP, SIZE 1, false", "SMTP, STARTTLS, false",
        "IMAP, imap4REV1, true", "IMAP, IDLE2, false", "POP3, uidl, true", "POP3, SASL PLAIN, false"
    })
    void expectsCapabilitiesWithTheirParameters(MailProtocol protocol, String capability, boolean met)
            throws IOException {
        try (TestServer server = protocol.script().start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .expecting(new Expectations(null, List.of(capability), null))
                    .run();
            if (met) {
                assertThat(result).isOk();
            } else {
                assertThat(result)
                        .failsWith(FailureCode.EXPECTATION_NOT_MET, Phase.CAPABILITY)
                        .says("The server does not offer '" + capability + "'.")
                        .tellsThatServerSaid(String.join(" / ", result.capabilities()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void expectsAVersionOfTls(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().tls(GOOD).protocols("TLSv1.2").start()) {
            assertThat(aRun().of(protocol, server)
                            .tls()
                            .expecting(tls(TlsVersion.TLS_1_2))
                            .run())
                    .isOk();
            assertThat(aRun().of(protocol, server)
                            .tls()
                            .expecting(tls(TlsVersion.TLS_1_3))
                            .run())
                    .failsWith(FailureCode.EXPECTATION_NOT_MET, Phase.TLS)
                    .says("The server agreed on TLSv1.2, expected is TLSv1.3 or newer.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowPhaseIsNamed(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script()
                .delayed(protocol.capabilityCommand(), Duration.ofMillis(300))
                .start()) {
            Duration threshold = Duration.ofMillis(200);
            assertThat(aRun().of(protocol, server)
                            .slowFrom(capability(threshold, null))
                            .run())
                    .warnsOf(FailureCode.SLOW, Phase.CAPABILITY);
            assertThat(aRun().of(protocol, server)
                            .slowFrom(capability(null, threshold))
                            .run())
                    .failsWith(FailureCode.SLOW, Phase.CAPABILITY);
            assertThat(aRun().of(protocol, server)
                            .slowFrom(capability(Duration.ofSeconds(9), null))
                            .run())
                    .isOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPhaseThatOccursTwiceCountsAsTheSum(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script()
                .startTls(GOOD)
                .onCommand(
                        protocol.capabilityCommand(),
                        Reply.usual().after(Duration.ofMillis(150)),
                        Reply.usual().after(Duration.ofMillis(150)))
                .start()) {
            assertThat(aRun().of(protocol, server)
                            .startTls()
                            .slowFrom(capability(Duration.ofMillis(290), null))
                            .run())
                    .warnsOf(FailureCode.SLOW, Phase.CAPABILITY);
        }
    }

    private static Thresholds capability(@Nullable Duration warning, @Nullable Duration error) {
        return new Thresholds(new SlowLimits(null, null), Map.of(Phase.CAPABILITY, new SlowLimits(warning, error)));
    }

    private static Expectations tls(TlsVersion minimum) {
        return new Expectations(null, List.of(), minimum);
    }
}
