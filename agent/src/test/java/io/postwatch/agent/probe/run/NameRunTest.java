package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.dns.DnsMessage;
import io.postwatch.agent.probe.dns.ScriptedDns;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs make of what servers of names say, on the wire. */
@Timeout(60)
class NameRunTest {

    private static final String HOST = "mail.example.org";

    @ParameterizedTest
    @MethodSource("withoutAddress")
    void tellsApartWhyANameHasNoAddress(ScriptedDns.Script script, FailureCode code, String sentence)
            throws IOException {
        try (ScriptedDns names = ScriptedDns.start(script)) {
            ProbeResult result = aRun().against(HOST)
                    .by(asking(Duration.ofSeconds(3), names))
                    .run();

            assertThat(result)
                    .failsWith(code, Phase.RESOLVE)
                    .wentThrough(Phase.RESOLVE)
                    .says(sentence.replace("DNS", "127.0.0.1:" + names.address().getPort()));
            Assertions.assertThat(result.network()).isNull();
        }
    }

    static Stream<Arguments> withoutAddress() {
        return Stream.of(
                Arguments.of(
                        script(message -> message.code(3)),
                        FailureCode.NAME_NOT_FOUND,
                        "The name mail.example.org does not exist: DNS answered NXDOMAIN."),
                Arguments.of(
                        script(message ->
                                message.alias(HOST, "gone.example.net").code(3)),
                        FailureCode.NAME_NOT_FOUND,
                        "The name mail.example.org leads to gone.example.net, which does not exist: DNS answered"
                                + " NXDOMAIN."),
                Arguments.of(
                        (ScriptedDns.Script) query -> query.isV4()
                                ? List.of()
                                : List.of(DnsMessage.to(query).code(3).bytes()),
                        FailureCode.NAME_NOT_FOUND,
                        "The name mail.example.org does not exist: DNS answered NXDOMAIN."),
                Arguments.of(
                        script(message -> message),
                        FailureCode.NO_ADDRESS,
                        "The name mail.example.org exists but has no address, says DNS."),
                Arguments.of(
                        (ScriptedDns.Script) query -> List.of(
                                DnsMessage.to(query).code(query.isV4() ? 0 : 3).bytes()),
                        FailureCode.NO_ADDRESS,
                        "The name mail.example.org exists but has no address, says DNS."),
                Arguments.of(
                        (ScriptedDns.Script) query -> List.of(),
                        FailureCode.DNS_TIMEOUT,
                        "The name mail.example.org could not be looked up in time: DNS did not answer, asked for A."),
                Arguments.of(
                        (ScriptedDns.Script) query -> query.isV4()
                                ? List.of()
                                : List.of(DnsMessage.to(query).bytes()),
                        FailureCode.DNS_TIMEOUT,
                        "The name mail.example.org could not be looked up in time: DNS did not answer, asked for A."),
                Arguments.of(
                        script(message -> message.code(2)),
                        FailureCode.DNS_FAILURE,
                        "The name mail.example.org could not be looked up: DNS answered SERVFAIL (2), asked for A."),
                Arguments.of(
                        script(message -> message.code(5)),
                        FailureCode.DNS_FAILURE,
                        "The name mail.example.org could not be looked up: DNS answered REFUSED (5), asked for A."),
                Arguments.of(
                        script(message -> message.alias(HOST, HOST)),
                        FailureCode.DNS_FAILURE,
                        "The name mail.example.org could not be looked up: DNS told of aliases (CNAME) that go in a"
                                + " circle, asked for A."),
                Arguments.of(
                        script(message -> message.promising(3)),
                        FailureCode.DNS_FAILURE,
                        "The name mail.example.org could not be looked up: DNS sent an answer that can't be read: it"
                                + " ends too early, asked for A."));
    }

    @Test
    void recordsTheAliasesAndWhoToldThem() throws IOException {
        try (TestServer server = TestServer.smtp().start();
                ScriptedDns names = ScriptedDns.start(script(
                        message -> message.alias(HOST, "mx.example.net").address("mx.example.net", "127.0.0.1")))) {
            ProbeResult result = aRun().smtp(server)
                    .against(HOST)
                    .by(asking(Duration.ofSeconds(20), names))
                    .within(Duration.ofSeconds(30))
                    .run();

            assertThat(result).isOk();
            NetworkFindings network = Objects.requireNonNull(result.network());
            Assertions.assertThat(network.aliases()).containsExactly("mx.example.net");
            Assertions.assertThat(network.resolver())
                    .isEqualTo("127.0.0.1:" + names.address().getPort());
            Assertions.assertThat(network.resolved()).containsExactly(InetAddress.ofLiteral("127.0.0.1"));
        }
    }

    @Test
    void goesOnWithOneFamilyWhereTheOtherIsUnknownAndSaysSo() throws IOException {
        try (TestServer server = TestServer.smtp().start();
                ScriptedDns names = ScriptedDns.start(query -> query.isV4()
                        ? List.of(
                                DnsMessage.to(query).address(HOST, "127.0.0.1").bytes())
                        : List.of())) {
            ARun run = aRun().smtp(server).against(HOST).by(asking(Duration.ofSeconds(3), names));

            ProbeResult result = run.run();
            assertThat(result).isOk();
            Assertions.assertThat(result.transcript().lines())
                    .extracting(Transcript.Line::text)
                    .anyMatch(line -> line.contains("IPv6 addresses of mail.example.org could not be looked up in time")
                            && line.contains("goes on with the other family"));

            assertThat(run.over(AddressFamily.IPV6).run())
                    .as("that it has no IPv6 address is not known")
                    .failsWith(FailureCode.DNS_TIMEOUT, Phase.RESOLVE);
        }
    }

    @Test
    void leavesTimeToConnectWhereOneFamilyIsNeverTold() throws IOException {
        try (TestServer server = TestServer.smtp().start();
                ScriptedDns names = ScriptedDns.start(query -> query.isV4()
                        ? List.of(
                                DnsMessage.to(query).address(HOST, "127.0.0.1").bytes())
                        : List.of())) {
            assertThat(aRun().smtp(server)
                            .against(HOST)
                            .by(asking(Duration.ofSeconds(30), names))
                            .within(Duration.ofSeconds(5))
                            .run())
                    .isOk();
        }
    }

    @Test
    void keepsSixteenAddressesAndNeitherFamilyLosesAll() throws IOException {
        try (TestServer server = TestServer.smtp().start();
                ScriptedDns names = ScriptedDns.start(query -> {
                    DnsMessage message = DnsMessage.to(query);
                    if (!query.tcp()) {
                        return List.of(message.truncated().bytes());
                    }
                    IntStream.rangeClosed(1, 97).forEach(i -> message.address(HOST, "127.0.0." + i));
                    IntStream.rangeClosed(1, 3).forEach(i -> message.address(HOST, "2001:db8::" + i));
                    return List.of(message.bytes());
                })) {
            ProbeResult result = aRun().smtp(server)
                    .against(HOST)
                    .over(AddressFamily.IPV4)
                    .by(asking(Duration.ofSeconds(20), names))
                    .within(Duration.ofSeconds(30))
                    .run();

            assertThat(result).isOk();
            List<InetAddress> resolved =
                    Objects.requireNonNull(result.network()).resolved();
            Assertions.assertThat(resolved).hasSize(16).contains(InetAddress.ofLiteral("2001:db8::3"));
            Assertions.assertThat(resolved.stream().filter(Inet4Address.class::isInstance))
                    .hasSize(13);
            Assertions.assertThat(result.transcript().lines())
                    .extracting(Transcript.Line::text)
                    .contains("mail.example.org has 100 addresses; 16 are used.");
        }
    }

    @Test
    void waitsNoLongerThanTheRunMay() throws IOException {
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of())) {
            assertThat(aRun().against(HOST)
                            .by(asking(Duration.ofSeconds(30), silent))
                            .within(Duration.ofMillis(300))
                            .run())
                    .failsWith(FailureCode.DNS_TIMEOUT, Phase.RESOLVE)
                    .tookLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aMachineWithoutResolverBlamesNoName() throws IOException {
        InetSocketAddress closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }
        assertThat(aRun().against(HOST)
                        .by(Names.asking(Duration.ofSeconds(3), closed))
                        .run())
                .learnsNothing(FailureCode.NO_EGRESS, Phase.RESOLVE);
    }

    @Test
    void aLookupEndsWhenItsRunIsCancelled() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedDns silent = ScriptedDns.start(query -> {
                    asked.countDown();
                    return List.of();
                });
                Deadline deadline = Deadline.after(Duration.ofMinutes(1), TICKER)) {
            Thread.ofVirtual().start(() -> {
                try {
                    asked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                deadline.cancel();
            });
            assertThat(aRun().against(HOST)
                            .by(asking(Duration.ofSeconds(50), silent))
                            .run(deadline))
                    .learnsNothing(FailureCode.SKIPPED, Phase.RESOLVE)
                    .tookLessThan(Duration.ofSeconds(15));
        }
    }

    @FunctionalInterface
    private interface Making {

        DnsMessage of(DnsMessage empty);
    }

    private static ScriptedDns.Script script(Making making) {
        return query -> List.of(making.of(DnsMessage.to(query)).bytes());
    }

    private static MailProbe asking(Duration limit, ScriptedDns names) {
        return Names.asking(limit, names.address());
    }
}
