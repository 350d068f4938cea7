package io.postwatch.agent.probe.dns;

import static io.postwatch.agent.probe.dns.ALookup.HOST;
import static io.postwatch.agent.probe.dns.ALookup.PATIENT;
import static io.postwatch.agent.probe.dns.ALookup.found;
import static io.postwatch.agent.probe.dns.ALookup.lookup;
import static io.postwatch.agent.probe.dns.ALookup.since;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit into a packet comes over TCP, or doesn't. */
@Timeout(60)
class TcpFallbackTest {

    @Test
    void whatDoesNotFitComesOverTcp() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> {
            DnsMessage message = DnsMessage.to(query);
            if (!query.tcp()) {
                return List.of(message.truncated().bytes());
            }
            IntStream.rangeClosed(1, 100).forEach(i -> message.address(HOST, "192.0.2." + i));
            return List.of(message.bytes());
        })) {
            Answers answers = lookup(PATIENT, server);

            assertThat(answers.v4())
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.addresses()).hasSize(100));
            assertThat(answers.v6()).isInstanceOf(Answer.NoAddress.class);
        }
    }

    @Test
    void tcpThatDripsTakesNoMoreThanItsTime() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> {
                    DnsMessage message = DnsMessage.to(query).address(HOST, "192.0.2.1");
                    return List.of(
                            query.tcp() || !query.isV4()
                                    ? message.bytes()
                                    : message.truncated().bytes());
                })
                .dripping(Duration.ofMillis(100))) {
            long start = System.nanoTime();
            Answers answers = lookup(Duration.ofSeconds(3), server);

            assertThat(since(start)).isLessThan(Duration.ofSeconds(9));
            assertThat(answers.v4())
                    .isInstanceOfSatisfying(
                            Answer.Failed.class,
                            failed -> assertThat(failed.reason()).contains("gave no whole one over TCP in time"));
            assertThat(answers.v6()).as("the other question").isInstanceOf(Answer.NoAddress.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "65535, announced an answer of 65535 bytes over TCP",
        "16385, announced an answer of 16385 bytes over TCP",
        "16384, gave no whole one over TCP: it closed the connection",
        "0, answered another question over TCP",
        "5, answered another question over TCP"
    })
    void tcpThatLiesAboutItsLength(int announced, String reason) throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(
                        query.tcp()
                                ? DnsMessage.to(query).bytes()
                                : DnsMessage.to(query).truncated().bytes()))
                .announcing(announced)) {
            assertThat(lookup(PATIENT, server).v4())
                    .isInstanceOfSatisfying(
                            Answer.Failed.class,
                            failed -> assertThat(failed.reason()).contains(reason));
        }
    }

    @Test
    void tcpThatIsCutShortAgainOrClosedIsNoAnswer() throws IOException {
        try (ScriptedDns again = ScriptedDns.start(
                        query -> List.of(DnsMessage.to(query).truncated().bytes()));
                ScriptedDns closing = ScriptedDns.start(query -> query.tcp()
                        ? List.of()
                        : List.of(DnsMessage.to(query).truncated().bytes()))) {
            assertThat(lookup(PATIENT, again).v4().toString()).contains("Failed", "cut its answer short over TCP too");
            assertThat(lookup(PATIENT, closing).v4().toString()).contains("Failed", "it closed the connection");
        }
    }
}
