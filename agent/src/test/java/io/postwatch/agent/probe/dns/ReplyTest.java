package io.postwatch.agent.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one message means, and that none can hurt. */
@Timeout(60)
class ReplyTest {

    private static final String HOST = "mail.example.org";
    private static final Question QUESTION = new Question(4711, HOST, RecordType.A);
    private static final ScriptedDns.Query QUERY = new ScriptedDns.Query(4711, HOST, 1, false, 0);

    /** Where the name of the question stands in every message. */
    private static final int NAME_OFFSET = 12;

    @Test
    void followsAliasesInWhateverOrderAndCaseTheyCome() {
        assertThat(read(to().address("c.example.net", "192.0.2.1")
                        .alias("B.Example.NET", "c.example.net")
                        .alias("Mail.EXAMPLE.org", "b.example.net")))
                .isEqualTo(new Reply.Addresses(
                        List.of("b.example.net", "c.example.net"), List.of(InetAddress.ofLiteral("192.0.2.1"))));
    }

    @Test
    void believesNothingAboutOtherNames() {
        assertThat(read(to().address("other.example.org", "203.0.113.66").alias("other.example.org", HOST)))
                .isEqualTo(new Reply.Addresses(List.of(), List.of()));
        assertThat(read(to().alias(HOST, "b.example.net").address(HOST, "203.0.113.66")))
                .as("an alias has no address of its own")
                .isEqualTo(new Reply.Addresses(List.of("b.example.net"), List.of()));
        assertThat(read(to().record(DnsMessage.wire(HOST), 1, 3, new byte[] {1, 2, 3, 4})))
                .as("another class")
                .isEqualTo(new Reply.Addresses(List.of(), List.of()));
        assertThat(read(to().record(DnsMessage.wire(HOST), 46, 1, new byte[] {1, 2, 3})
                        .record(DnsMessage.wire(HOST), 28, 1, new byte[16])
                        .address(HOST, "192.0.2.1")))
                .as("signatures and the other family are passed over")
                .isEqualTo(new Reply.Addresses(List.of(), List.of(InetAddress.ofLiteral("192.0.2.1"))));
    }

    @Test
    void eightAliasesAreEnough() {
        assertThat(read(chain(8).address("n8.example.net", "192.0.2.1")))
                .isInstanceOfSatisfying(
                        Reply.Addresses.class,
                        found -> assertThat(found.aliases()).hasSize(8));
        assertThat(read(chain(9).address("n9.example.net", "192.0.2.1")))
                .isEqualTo(new Reply.Useless("told of more than 8 aliases (CNAME) in a row"));
        assertThat(read(chain(200))).isInstanceOf(Reply.Useless.class);
    }

    @Test
    void aliasesInACircleLeadNowhere() {
        Reply circle = new Reply.Useless("told of aliases (CNAME) that go in a circle");
        assertThat(read(to().alias(HOST, HOST))).isEqualTo(circle);
        assertThat(read(to().alias(HOST, "b.example.net").alias("b.example.net", HOST)))
                .isEqualTo(circle);
        assertThat(read(to().alias(HOST, "b.example.net")
                        .alias("b.example.net", "c.example.net")
                        .alias("c.example.net", "b.example.net")))
                .isEqualTo(circle);
    }

    @Test
    void aServerThatDoesNotRecurseIsNoResolver() {
        Reply lame = new Reply.Useless("is no resolver: it answers only what it knows itself");
        assertThat(read(to().flags(0x8100))).as("a referral").isEqualTo(lame);
        assertThat(read(to().flags(0x8500).alias(HOST, "b.example.net"))).isEqualTo(lame);
        assertThat(read(to().flags(0x8500))).as("authority").isEqualTo(new Reply.Addresses(List.of(), List.of()));
        assertThat(read(to().flags(0x8500).address(HOST, "192.0.2.1"))).isInstanceOf(Reply.Addresses.class);
    }

    @Test
    void aRefusalMayComeWithoutTheQuestion() {
        assertThat(read(to().withoutQuestion().code(1))).isEqualTo(new Reply.Useless("answered FORMERR (1)"));
        assertThat(read(to().withoutQuestion().code(3))).isEqualTo(new Reply.Foreign());
    }

    @Test
    void looksAtNoMoreThanItsBoundOfRecords() {
        DnsMessage many = to();
        IntStream.range(0, 256).forEach(i -> many.address(HOST, "192.0.2." + i % 250));
        assertThat(read(many)).isInstanceOf(Reply.Addresses.class);
        assertThat(read(many.address(HOST, "192.0.2.251")))
                .isEqualTo(new Reply.Useless("answered with more than 256 records"));
        assertThat(read(to().promising(65_535))).isInstanceOf(Reply.Useless.class);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatCannotBeReadIsUseless(DnsMessage message, String reason) {
        assertThat(read(message)).isEqualTo(new Reply.Useless("sent an answer that can't be read: " + reason));
    }

    static Stream<Arguments> broken() {
        byte[] v4 = {(byte) 192, 0, 2, 1};
        byte[] host = DnsMessage.wire(HOST);
        int own = NAME_OFFSET + host.length + 4;
        String onward = "a compressed name points to itself or onward";
        String length = "a record has another length than it says";
        return Stream.of(
                Arguments.of(to().promising(1), "it ends too early"),
                Arguments.of(to().record(pointer(own), 1, 1, v4), onward),
                Arguments.of(to().record(pointer(own + 2), 1, 1, v4), onward),
                Arguments.of(to().record(pointer(0x3fff), 1, 1, v4), onward),
                Arguments.of(to().record(new byte[] {1, 'a', (byte) 0xc0, (byte) own}, 1, 1, v4), onward),
                Arguments.of(to().record(host, 5, 1, pointer(own + host.length + 10)), onward),
                Arguments.of(to().record(new byte[] {0x40, 0}, 1, 1, v4), "a label has a length of no known kind"),
                Arguments.of(
                        to().record(new byte[] {(byte) 0x80, 0}, 1, 1, v4), "a label has a length of no known kind"),
                Arguments.of(to().record(labels(5, 63), 1, 1, v4), "a name has more than 255 bytes"),
                Arguments.of(to().record(labels(128, 1), 1, 1, v4), "a name has more than 255 bytes"),
                Arguments.of(to().record(host, 1, 1, new byte[3]), "an address has 3 bytes"),
                Arguments.of(to().record(host, 1, 1, new byte[16]), "an address has 16 bytes"),
                Arguments.of(to().record(host, 1, 1, new byte[0]), "an address has 0 bytes"),
                Arguments.of(to().record(host, 1, 1, v4, 5000), "it ends too early"),
                Arguments.of(to().record(host, 99, 1, v4, 65_535), "it ends too early"),
                Arguments.of(to().record(host, 5, 1, host, 3), length),
                Arguments.of(to().record(host, 5, 1, new byte[] {1, 'a', 0, 9, 9}), length));
    }

    @Test
    void aNameMayPointBackManyTimesButNotForEver() {
        // Each record's owner is one label and a pointer to the owner before: 100 jumps for the last.
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        int first = NAME_OFFSET + DnsMessage.wire(HOST).length + 4;
        DnsMessage message = to();
        int at = first;
        int before = NAME_OFFSET;
        for (int i = 0; i < 100; i++) {
            chain.reset();
            chain.writeBytes(new byte[] {1, 'a', (byte) (0xc0 | before >> 8), (byte) before});
            message.record(chain.toByteArray(), 99, 1, new byte[0]);
            before = at;
            at += 4 + 10;
        }
        assertThat(read(message)).isInstanceOf(Reply.Addresses.class);
    }

    @Test
    void everyBeginningOfAMessageIsNoAnswerAndDoesNoHarm() {
        byte[] whole = to().alias(HOST, "b.example.net")
                .address("b.example.net", "192.0.2.1")
                .bytes();
        for (int length = 0; length < whole.length; length++) {
            assertThat(Reply.read(whole, length, QUESTION)).isInstanceOfAny(Reply.Foreign.class, Reply.Useless.class);
            assertThat(Reply.read(Arrays.copyOf(whole, length), length, QUESTION))
                    .isEqualTo(Reply.read(whole, length, QUESTION));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverComesIsReadOrRefusedAndKeepsToTheBounds(long seed) {
        Random random = new Random(seed);
        byte[] whole = chain(8).address("n8.example.net", "192.0.2.1")
                .record(pointer(NAME_OFFSET), 1, 1, new byte[] {1, 2, 3, 4})
                .bytes();
        for (int round = 0; round < 20_000; round++) {
            byte[] broken = Arrays.copyOf(whole, whole.length + random.nextInt(20));
            for (int i = random.nextInt(6); i >= 0; i--) {
                // Behind the header, which decides alone whether the rest is looked at.
                broken[NAME_OFFSET - 6 + random.nextInt(broken.length - NAME_OFFSET + 6)] = (byte) random.nextInt();
            }
            if (Reply.read(broken, broken.length, QUESTION) instanceof Reply.Addresses(var aliases, var addresses)) {
                assertThat(aliases).hasSizeLessThanOrEqualTo(8);
                assertThat(aliases).allMatch(alias -> alias.matches("[a-z0-9_.\\\\-]*") && alias.length() <= 1020);
                assertThat(addresses).hasSizeLessThanOrEqualTo(Reply.MAX_RECORDS);
            }
        }
    }

    @Test
    void namesOfServersAreShownWithoutWhatNoNameHas() {
        assertThat(read(to().alias(HOST, "a\0b\u001b[2J c.d\"\\.example")))
                .isEqualTo(new Reply.Addresses(List.of("a\\000b\\027\\0912j\\032c.d\\034\\092.example"), List.of()));
    }

    private static DnsMessage chain(int length) {
        DnsMessage message = to();
        for (int i = 0; i < length; i++) {
            message.alias(i == 0 ? HOST : "n" + i + ".example.net", "n" + (i + 1) + ".example.net");
        }
        return message;
    }

    private static byte[] pointer(int offset) {
        return new byte[] {(byte) (0xc0 | offset >> 8), (byte) offset};
    }

    private static byte[] labels(int count, int size) {
        return DnsMessage.wire(String.join(".", java.util.Collections.nCopies(count, "a".repeat(size))));
    }

    private static DnsMessage to() {
        return DnsMessage.to(QUERY);
    }

    private static Reply read(DnsMessage message) {
        byte[] bytes = message.bytes();
        return Reply.read(bytes, bytes.length, QUESTION);
    }
}
