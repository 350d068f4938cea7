package io.postwatch.agent.probe.dns;

import static io.postwatch.agent.probe.dns.ALookup.HOST;
import static io.postwatch.agent.probe.dns.ALookup.NAME;
import static io.postwatch.agent.probe.dns.ALookup.PATIENT;
import static io.postwatch.agent.probe.dns.ALookup.SHORT;
import static io.postwatch.agent.probe.dns.ALookup.TICKER;
import static io.postwatch.agent.probe.dns.ALookup.client;
import static io.postwatch.agent.probe.dns.ALookup.found;
import static io.postwatch.agent.probe.dns.ALookup.lookup;
import static io.postwatch.agent.probe.dns.ALookup.since;
import static io.postwatch.agent.probe.dns.ALookup.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a lookup over servers, packets and time. What a single answer means is {@link ReplyTest}'s. */
@Timeout(60)
class DnsClientTest {

    @Test
    void asksForBothFamiliesAtOnce() throws IOException {
        CountDownLatch both = new CountDownLatch(2);
        ScriptedDns.Script whenBothHaveCome = query -> {
            both.countDown();
            await(both);
            return List.of(DnsMessage.to(query)
                    .alias(HOST, "mx.example.net")
                    .address("mx.example.net", "192.0.2.1")
                    .address("mx.example.net", "2001:db8::1")
                    .bytes());
        };
        try (ScriptedDns server = ScriptedDns.start(whenBothHaveCome)) {
            Answers answers = lookup(PATIENT, server);

            assertThat(answers.v4()).isEqualTo(found(server, List.of("mx.example.net"), "192.0.2.1"));
            assertThat(answers.v6()).isEqualTo(found(server, List.of("mx.example.net"), "2001:db8::1"));
            assertThat(answers.troubles()).isEmpty();
            assertThat(server.queries()).extracting(ScriptedDns.Query::name).containsOnly(HOST);
        }
    }

    @Test
    void nobodyCanGuessWhatItAsksNext() throws IOException {
        int lookups = 40;
        try (ScriptedDns server = ScriptedDns.of("192.0.2.1")) {
            for (int i = 0; i < lookups; i++) {
                lookup(PATIENT, server);
            }
            assertThat(server.queries().stream().map(ScriptedDns.Query::id).distinct())
                    .hasSizeGreaterThan(lookups * 2 - 5);
            List<Integer> ports = server.queries().stream()
                    .map(ScriptedDns.Query::fromPort)
                    .distinct()
                    .toList();
            assertThat(ports).hasSizeGreaterThan(lookups - 10);
            assertThat(IntStream.range(1, ports.size()).map(i -> Math.abs(ports.get(i) - ports.get(i - 1))))
                    .as("steps from port to port")
                    .anyMatch(step -> step > 100);
        }
    }

    @Test
    void whatANameDoesNotHaveIsAnAnswer() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(
                query.isV4()
                        ? DnsMessage.to(query)
                                .alias(HOST, "gone.example.net")
                                .code(3)
                                .bytes()
                        : DnsMessage.to(query).bytes()))) {
            Answers answers = lookup(PATIENT, server);

            assertThat(answers.v4()).isEqualTo(new Answer.NoSuchName(text(server), List.of("gone.example.net")));
            assertThat(answers.v6()).isEqualTo(new Answer.NoAddress(text(server), List.of()));
            assertThat(server.queries()).as("nobody is asked twice").hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, FORMERR (1)", "2, SERVFAIL (2)", "4, NOTIMP (4)", "5, REFUSED (5)", "11, with response code 11"})
    void refusalsAreTakenToTheNextServerAndNamed(int code, String text) throws IOException {
        try (ScriptedDns refusing = ScriptedDns.start(
                        query -> List.of(DnsMessage.to(query).code(code).bytes()));
                ScriptedDns good = ScriptedDns.of("192.0.2.1", "2001:db8::1")) {
            assertThat(lookup(PATIENT, refusing).v4())
                    .isEqualTo(new Answer.Failed(text(refusing) + " answered " + text + ", asked for A"));

            Answers answers = lookup(PATIENT, refusing, good);
            assertThat(answers.v4()).isEqualTo(found(good, List.of(), "192.0.2.1"));
            assertThat(answers.troubles())
                    .containsExactlyInAnyOrder(
                            text(refusing) + " answered " + text + ", asked for A",
                            text(refusing) + " answered " + text + ", asked for AAAA");
        }
    }

    @Test
    void packetsThatAnswerAnotherQuestionAreNotBelieved() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> {
            DnsMessage wrong =
                    DnsMessage.to(query).address(HOST, "203.0.113.66").address(HOST, "2001:db8::66");
            return List.of(
                    new byte[0],
                    new byte[] {1, 2, 3},
                    "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    wrong.id(query.id() ^ 1).bytes(),
                    wrong.id(query.id())
                            .about("other.example.org", query.type(), 1)
                            .bytes(),
                    wrong.about(HOST, 15, 1).bytes(),
                    wrong.about(HOST, query.type(), 3).bytes(),
                    wrong.about(HOST, query.type(), 1).flags(0x0180).bytes(),
                    wrong.flags(0x8980).bytes(),
                    wrong.flags(0x8180).withoutQuestion().bytes(),
                    DnsMessage.to(query).address(HOST, "192.0.2.1").bytes());
        })) {
            Answers answers = lookup(PATIENT, server);

            assertThat(answers.v4()).isEqualTo(found(server, List.of(), "192.0.2.1"));
            assertThat(answers.v6()).isInstanceOf(Answer.NoAddress.class);
        }
    }

    @Test
    void nothingButForeignPacketsIsNoSilence() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> List.of(new byte[] {7}))) {
            Answers answers = lookup(Duration.ofSeconds(2), server);

            assertThat(answers.v4())
                    .isEqualTo(
                            new Answer.Failed(text(server) + " sent nothing that answers the question, asked for A"));
        }
    }

    @Test
    void aFloodOfForeignPacketsEndsTheTry() throws IOException {
        byte[] garbage = new byte[40];
        try (ScriptedDns flooding = ScriptedDns.start(
                        query -> Stream.generate(() -> garbage).limit(500).toList());
                ScriptedDns good = ScriptedDns.of("192.0.2.1")) {
            long start = System.nanoTime();
            Answers answers = lookup(Duration.ofSeconds(40), flooding, good);

            assertThat(answers.v4()).isEqualTo(found(good, List.of(), "192.0.2.1"));
            assertThat(since(start)).as("a try may take 10 s").isLessThan(Duration.ofSeconds(9));
        }
    }

    @Test
    void silenceIsATimeOut() throws IOException {
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of())) {
            long start = System.nanoTime();
            Answers answers = lookup(SHORT, silent);

            assertThat(since(start)).isBetween(SHORT, SHORT.plusSeconds(5));
            assertThat(answers.v4()).isEqualTo(new Answer.TimedOut(text(silent) + " did not answer, asked for A"));
            assertThat(silent.queries()).as("both questions, twice").hasSize(4);
        }
    }

    @Test
    void aLostPacketIsAskedAgainAndASilentServerPassedBy() throws IOException {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of());
                ScriptedDns losing = ScriptedDns.start(query -> count.incrementAndGet() <= 2
                        ? List.of()
                        : List.of(
                                DnsMessage.to(query).address(HOST, "192.0.2.1").bytes()))) {
            Answers answers = lookup(Duration.ofSeconds(4), losing);
            assertThat(answers.v4()).isEqualTo(found(losing, List.of(), "192.0.2.1"));
            assertThat(answers.troubles()).isNotEmpty().allMatch(trouble -> trouble.contains("did not answer"));

            answers = lookup(Duration.ofSeconds(4), silent, losing);
            assertThat(answers.v4()).isEqualTo(found(losing, List.of(), "192.0.2.1"));
            assertThat(answers.troubles()).isNotEmpty().allMatch(trouble -> trouble.startsWith(text(silent)));
        }
    }

    @Test
    void oneAnswerIsKeptWhereTheOtherStaysAway() throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> query.isV4()
                ? List.of(DnsMessage.to(query).address(HOST, "192.0.2.1").bytes())
                : List.of())) {
            Answers answers = lookup(Duration.ofSeconds(6), server);

            assertThat(answers.v4()).isEqualTo(found(server, List.of(), "192.0.2.1"));
            assertThat(answers.v6()).isInstanceOf(Answer.TimedOut.class);
            assertThat(server.queries().stream().filter(ScriptedDns.Query::isV4))
                    .as("what is answered is not asked again")
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"ANY, true", "IPV4, true", "IPV6, false"})
    void theFamilyThatNobodyWantsIsWaitedForAMomentOnly(AddressFamily wanted, boolean soon) throws IOException {
        try (ScriptedDns server = ScriptedDns.start(query -> query.isV4()
                        ? List.of(
                                DnsMessage.to(query).address(HOST, "192.0.2.1").bytes())
                        : List.of());
                Deadline deadline = Deadline.after(Duration.ofMinutes(1), TICKER)) {
            long start = System.nanoTime();
            Answers answers = client(Duration.ofSeconds(4), server.address()).lookup(NAME, wanted, deadline);

            assertThat(answers.v4()).isEqualTo(found(server, List.of(), "192.0.2.1"));
            assertThat(answers.v6()).isInstanceOf(Answer.TimedOut.class);
            assertThat(since(start).compareTo(Duration.ofSeconds(4)) < 0).isEqualTo(soon);
        }
    }

    @Test
    void noResolverToAskIsNotTheNamesFault() throws IOException {
        InetSocketAddress closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }
        try (ScriptedDns good = ScriptedDns.of("192.0.2.1")) {
            Answers answers = lookup(client(Duration.ofSeconds(8), closed), Duration.ofMinutes(1));
            assertThat(answers.v4()).isInstanceOf(Answer.Unreachable.class);

            answers = lookup(client(Duration.ofSeconds(8), closed, good.address()), Duration.ofMinutes(1));
            assertThat(answers.v4()).isEqualTo(found(good, List.of(), "192.0.2.1"));
        }
    }

    @Test
    void theDeadlineOfTheRunPrecedesTheLimit() throws IOException {
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of())) {
            long start = System.nanoTime();
            Answers answers = lookup(client(Duration.ofSeconds(50), silent.address()), SHORT);

            assertThat(since(start)).isLessThan(Duration.ofSeconds(9));
            assertThat(answers.v4()).isInstanceOf(Answer.TimedOut.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsWhenItIsCancelledOrInterrupted(boolean byDeadline) throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(2);
        BlockingQueue<Answers> results = new ArrayBlockingQueue<>(1);
        try (ScriptedDns silent = ScriptedDns.start(query -> {
                    asked.countDown();
                    return List.of();
                });
                Deadline deadline = Deadline.after(Duration.ofMinutes(2), TICKER)) {
            DnsClient client = client(Duration.ofSeconds(50), silent.address());
            Thread run = Thread.ofVirtual().start(() -> results.add(client.lookup(NAME, AddressFamily.ANY, deadline)));
            await(asked);
            if (byDeadline) {
                deadline.cancel();
            } else {
                run.interrupt();
            }
            assertThat(results.poll(15, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void manyWaitAtOnceWithoutThreadsOfTheirOwn() throws IOException, InterruptedException {
        int count = 300;
        BlockingQueue<Answers> results = new ArrayBlockingQueue<>(count);
        try (ScriptedDns silent = ScriptedDns.start(query -> List.of());
                ScriptedDns good = ScriptedDns.of("192.0.2.1")) {
            int before = platformThreads();
            for (int i = 0; i < count; i++) {
                ScriptedDns server = i % 2 == 0 ? silent : good;
                Thread.ofVirtual().start(() -> results.add(unchecked(Duration.ofSeconds(5), server)));
            }
            int found = 0;
            for (int i = 0; i < count; i++) {
                Answers answers = results.poll(40, TimeUnit.SECONDS);
                assertThat(answers).isNotNull();
                found += answers != null && answers.v4() instanceof Answer.Found ? 1 : 0;
            }
            assertThat(found).isEqualTo(count / 2);
            assertThat(platformThreads() - before).isLessThan(20);
        }
    }

    private static int platformThreads() {
        return Thread.getAllStackTraces().size();
    }

    private static Answers unchecked(Duration limit, ScriptedDns server) {
        return lookup(client(limit, server.address()), Duration.ofMinutes(1));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(15, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
