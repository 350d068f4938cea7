package io.postwatch.agent.probe.dns;

import static io.postwatch.agent.probe.dns.ALookup.PATIENT;
import static io.postwatch.agent.probe.dns.ALookup.SHORT;
import static io.postwatch.agent.probe.dns.ALookup.TICKER;
import static io.postwatch.agent.probe.dns.ALookup.client;
import static io.postwatch.agent.probe.dns.ALookup.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.ChallengeName;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of a name, from servers that answer, err and lie. */
@Timeout(60)
class TextLookupTest {

    private static final ChallengeName NAME = new ChallengeName("_postwatch-challenge.example.org");
    private static final String OWNER = NAME.text();
    private static final TextAnswer NOTHING = new TextAnswer.Told(List.of(), List.of());

    @Test
    void theStringsOfARecordAreJoinedAndRecordsStayApart() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(DnsMessage.to(query)
                .text(OWNER, "postwatch-domain-", "verification=", "abc")
                .text(OWNER, "another")
                .text("other.example.org", "not ours")
                .bytes()))) {
            assertThat(lookup(PATIENT, server))
                    .isEqualTo(new TextAnswer.Told(List.of(), List.of("postwatch-domain-verification=abc", "another")));
            assertThat(server.queries())
                    .singleElement()
                    .satisfies(query -> assertThat(query.type()).isEqualTo(16));
        }
    }

    @Test
    void aNameWithoutTextsAndNoSuchNameAreAnswers() throws IOException {
        try (ScriptedDns none =
                        ScriptedDns.start(query -> List.of(DnsMessage.to(query).bytes()));
                ScriptedDns gone = ScriptedDns.start(
                        query -> List.of(DnsMessage.to(query).code(3).bytes()))) {
            assertThat(lookup(PATIENT, none)).isEqualTo(NOTHING);
            assertThat(lookup(PATIENT, gone)).isEqualTo(NOTHING);
        }
    }

    @Test
    void aServerThatFailsKnowsNothingAndTheNextIsAsked() throws IOException {
        try (ScriptedDns failing = ScriptedDns.start(
                        query -> List.of(DnsMessage.to(query).code(2).bytes()));
                ScriptedDns good = ScriptedDns.start(
                        query -> List.of(DnsMessage.to(query).text(OWNER, "x").bytes()))) {
            assertThat(lookup(PATIENT, failing))
                    .isEqualTo(new TextAnswer.Unknown(text(failing) + " answered SERVFAIL (2), asked for TXT"));
            assertThat(lookup(PATIENT, failing, good)).isEqualTo(new TextAnswer.Told(List.of(), List.of("x")));
        }
    }

    @Test
    void silenceIsNoAnswer() throws IOException {
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of())) {
            assertThat(lookup(SHORT, silent))
                    .isEqualTo(new TextAnswer.Unknown(text(silent) + " did not answer, asked for TXT"));
        }
    }

    @Test
    void whereAnAliasLeadsIsTold() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(DnsMessage.to(query)
                .alias(OWNER, "a.example.net")
                .alias("a.example.net", "b.example.net")
                .text("b.example.net", "x")
                .bytes()))) {
            assertThat(lookup(PATIENT, server))
                    .isEqualTo(new TextAnswer.Told(List.of("a.example.net", "b.example.net"), List.of("x")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 200})
    void chainsAndCirclesOfAliasesEnd(int length) throws IOException {
        try (ScriptedDns chain = ScriptedDns.start(query -> {
                    DnsMessage message = DnsMessage.to(query).alias(OWNER, "n1.example.net");
                    IntStream.range(1, length)
                            .forEach(i -> message.alias("n" + i + ".example.net", "n" + (i + 1) + ".example.net"));
                    return List.of(message.bytes());
                });
                ScriptedDns circle = ScriptedDns.start(query -> List.of(DnsMessage.to(query)
                        .alias(OWNER, "a.example.net")
                        .alias("a.example.net", OWNER)
                        .bytes()))) {
            assertThat(lookup(Duration.ofSeconds(4), chain)).isInstanceOf(TextAnswer.Unknown.class);
            assertThat(lookup(PATIENT, circle)).isInstanceOf(TextAnswer.Unknown.class);
        }
    }

    @Test
    void whatIsNoTextIsWrittenInDigits() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(
                DnsMessage.to(query).text(OWNER, "a\0\n\u001b[2J\u00e9\\\"b").bytes()))) {
            assertThat(lookup(PATIENT, server))
                    .isInstanceOfSatisfying(
                            TextAnswer.Told.class,
                            answer -> assertThat(answer.texts()).containsExactly("a\\000\\010\\027[2J\\233\\092\"b"));
        }
    }

    @Test
    void manyAndHugeTextsComeOverTcpAndWithinBounds() throws IOException {
        String[] huge = Stream.generate(() -> "x".repeat(255)).limit(40).toArray(String[]::new);
        try (ScriptedDns server = ScriptedDns.start(query -> {
                    DnsMessage message = DnsMessage.to(query);
                    return List.of(
                            query.tcp()
                                    ? message.text(OWNER, huge).text(OWNER, "y").bytes()
                                    : message.truncated().bytes());
                });
                ScriptedDns many = ScriptedDns.start(query -> {
                    DnsMessage message = DnsMessage.to(query);
                    if (!query.tcp()) {
                        return List.of(message.truncated().bytes());
                    }
                    IntStream.range(0, 300).forEach(i -> message.text("a.de", "t" + i));
                    return List.of(message.bytes());
                });
                ScriptedDns endless = ScriptedDns.start(query -> List.of(
                                query.tcp()
                                        ? DnsMessage.to(query).text(OWNER, "y").bytes()
                                        : DnsMessage.to(query).truncated().bytes()))
                        .announcing(65_535)) {
            assertThat(lookup(PATIENT, server))
                    .isInstanceOfSatisfying(
                            TextAnswer.Told.class,
                            answer -> assertThat(answer.texts())
                                    .extracting(String::length)
                                    .containsExactly(40 * 255, 1));
            assertThat(lookup(Duration.ofSeconds(8), many))
                    .isInstanceOfSatisfying(
                            TextAnswer.Unknown.class,
                            failed -> assertThat(failed.reason()).contains("more than 256 records"));
            assertThat(lookup(Duration.ofSeconds(8), endless)).isInstanceOf(TextAnswer.Unknown.class);
        }
    }

    @Test
    void aTextThatLiesAboutItsLengthIsNoAnswer() throws IOException {
        for (byte[] data : List.of(new byte[0], new byte[] {5, 'a'}, new byte[] {1, 'a', 9})) {
            try (ScriptedDns server = ScriptedDns.start(query -> List.of(DnsMessage.to(query)
                    .record(DnsMessage.wire(OWNER), 16, 1, data)
                    .bytes()))) {
                assertThat(lookup(Duration.ofSeconds(8), server))
                        .isInstanceOfSatisfying(
                                TextAnswer.Unknown.class,
                                failed -> assertThat(failed.reason()).contains("can't be read"));
            }
        }
    }

    private static TextAnswer lookup(Duration limit, ScriptedDns... servers) {
        try (Deadline deadline = Deadline.after(Duration.ofMinutes(1), TICKER)) {
            return client(limit, Stream.of(servers).map(ScriptedDns::address).toArray(InetSocketAddress[]::new))
                    .texts(NAME, deadline);
        }
    }
}
