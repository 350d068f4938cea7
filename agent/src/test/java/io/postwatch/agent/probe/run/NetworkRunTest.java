package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.LOOPBACK_ALLOWED;
import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.PublicAddressPolicy;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NetworkRunTest {

    @Test
    void tellsARefusedConnection() throws IOException {
        ProbeResult result = aRun().port(Names.aClosedPort()).run();

        assertThat(result)
                .failsWith(FailureCode.CONNECTION_REFUSED, Phase.CONNECT)
                .wentThrough(Phase.RESOLVE, Phase.CONNECT);
        NetworkFindings network = Objects.requireNonNull(result.network());
        Assertions.assertThat(network.attempts())
                .extracting(ConnectAttempt::failure)
                .containsExactly(FailureCode.CONNECTION_REFUSED);
        Assertions.assertThat(network.remoteAddress()).isNull();
    }

    @Test
    void tellsAnAddressThatDoesNotAnswer() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            List<Socket> waiting = fill(full);

            assertThat(aRun().port(full.getLocalPort())
                            .within(Duration.ofMillis(400))
                            .run())
                    .failsWith(FailureCode.CONNECT_TIMEOUT, Phase.CONNECT)
                    .tookLessThan(Duration.ofSeconds(5));
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void triesTheNextAddressAndTakesTurnsWhichComesFirst() throws IOException {
        MailProbe probe = Names.told(LOOPBACK_ALLOWED, "127.0.0.2", "127.0.0.1");
        try (TestServer server = TestServer.smtp().start()) {
            for (int number = 0; number < 4; number++) {
                try (Deadline deadline = Deadline.after(Duration.ofSeconds(5), TICKER)) {
                    ProbeResult result = probe.run(
                            aRun().smtp(server).against("mail.example.org").request(number), deadline);

                    assertThat(result).isOk();
                    NetworkFindings network = Objects.requireNonNull(result.network());
                    Assertions.assertThat(addresses(network.resolved())).containsExactly("127.0.0.1", "127.0.0.2");
                    Assertions.assertThat(addresses(network.attempts().stream()
                                    .map(ConnectAttempt::address)
                                    .toList()))
                            .isEqualTo(number % 2 == 0 ? List.of("127.0.0.1") : List.of("127.0.0.2", "127.0.0.1"));
                    Assertions.assertThat(Objects.requireNonNull(network.remoteAddress())
                                    .getHostAddress())
                            .isEqualTo("127.0.0.1");
                }
            }
        }
    }

    @Test
    void oneSilentAddressDoesNotKeepARunFromTheOthers() throws IOException {
        MailProbe probe = Names.told(LOOPBACK_ALLOWED, "127.0.0.1", "127.0.0.2");
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            List<Socket> waiting = fill(full);
            try (TestServer server = TestServer.smtp().start(InetAddress.ofLiteral("127.0.0.2"), full.getLocalPort())) {
                assertThat(aRun().smtp(server)
                                .against("mail.example.org")
                                .by(probe)
                                .within(Duration.ofSeconds(4))
                                .run())
                        .isOk()
                        .spentInPhase(Phase.CONNECT, Duration.ofMillis(1900));
            }
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void blamesTheTimeWhereItEndsBeforeTheFirstAttempt() throws IOException {
        AtomicLong passed = new AtomicLong();
        AddressPolicy slow = address -> {
            passed.addAndGet(Duration.ofSeconds(20).toNanos());
            return true;
        };
        try (TestServer server = TestServer.smtp().start();
                Deadline deadline = Deadline.after(Duration.ofSeconds(10), () -> TICKER.nanos() + passed.get())) {
            ProbeResult result = aRun().smtp(server).by(Names.told(slow)).run(deadline);

            assertThat(result).failsWith(FailureCode.CONNECT_TIMEOUT, Phase.CONNECT);
            Assertions.assertThat(server.connections()).isZero();
        }
    }

    @Test
    void connectsOnlyWhereThePolicyAllows() throws IOException {
        HostAddressPolicy strict = new HostAddressPolicy(List.of(), List.of());
        try (TestServer server = TestServer.smtp().start()) {
            MailProbe probe = Names.told(strict, "127.0.0.1");
            assertThat(aRun().smtp(server).by(probe).run()).learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
            assertThat(aRun().smtp(server).against("mail.example.org").by(probe).run())
                    .learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
            // One denied address denies the run: whoever controls the name must not choose among them.
            assertThat(aRun().smtp(server)
                            .against("mail.example.org")
                            .by(Names.told(strict, "192.0.2.1", "127.0.0.1"))
                            .run())
                    .learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
            Assertions.assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aPublicAgentReachesPublicAddressesOnThePortsOfMailOnly() throws IOException {
        PublicAddressPolicy strict = new PublicAddressPolicy(List.of());
        try (TestServer server = TestServer.smtp().start()) {
            ProbeResult result = aRun().smtp(server).by(Names.told(strict)).run();
            assertThat(result).learnsNothing(FailureCode.PORT_DENIED, null).wentThrough();
            Assertions.assertThat(result.network()).isNull();
            for (List<String> addresses : List.of(List.of("127.0.0.1"), List.of("8.8.8.8", "64:ff9b::7f00:1"))) {
                assertThat(aRun().port(25)
                                .against("mail.example.org")
                                .by(Names.told(strict, addresses.toArray(String[]::new)))
                                .run())
                        .learnsNothing(FailureCode.ADDRESS_DENIED, Phase.RESOLVE);
            }
            Assertions.assertThat(server.connections()).isZero();
        }
    }

    @Test
    void usesOnlyAddressesOfTheFamilyAskedFor() throws IOException {
        MailProbe probe = Names.told(LOOPBACK_ALLOWED, "127.0.0.1");
        try (TestServer server = TestServer.smtp().start()) {
            assertThat(aRun().smtp(server)
                            .against("mail.example.org")
                            .over(AddressFamily.IPV4)
                            .by(probe)
                            .run())
                    .isOk();
            assertThat(aRun().smtp(server)
                            .against("mail.example.org")
                            .over(AddressFamily.IPV6)
                            .by(probe)
                            .run())
                    .failsWith(FailureCode.NO_ADDRESS, Phase.RESOLVE)
                    .says("mail.example.org has only IPv4 addresses, and the monitor asks for IPv6.");
            assertThat(aRun().smtp(server).over(AddressFamily.IPV6).by(probe).run())
                    .failsWith(FailureCode.NO_ADDRESS, Phase.RESOLVE)
                    .says("127.0.0.1 is an IPv4 address, and the monitor asks for IPv6.");
        }
    }

    @Test
    void endsWhenItIsCancelled() throws IOException {
        try (TestServer server = TestServer.smtp().greeting(Reply.silence()).start();
                Deadline deadline = Deadline.after(Duration.ofMinutes(1), TICKER)) {
            Thread.ofVirtual().start(() -> {
                while (server.connections() == 0) {
                    Thread.onSpinWait();
                }
                deadline.cancel();
            });

            ProbeResult result = aRun().smtp(server).run(deadline);

            Assertions.assertThat(Objects.requireNonNull(result.failure()).code())
                    .isEqualTo(FailureCode.SKIPPED);
            assertThat(result).tookLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void doesNotBlameTheServerWhereItsOwnThreadIsInterrupted() throws IOException, InterruptedException {
        BlockingQueue<ProbeResult> results = new ArrayBlockingQueue<>(1);
        try (TestServer server = TestServer.smtp().greeting(Reply.silence()).start()) {
            Thread run = Thread.ofVirtual()
                    .start(() -> results.add(aRun().smtp(server).run()));
            while (server.connections() == 0) {
                Thread.onSpinWait();
            }
            run.interrupt();

            Failure failure = Objects.requireNonNull(results.take().failure());
            Assertions.assertThat(failure.code()).isEqualTo(FailureCode.SKIPPED);
        }
    }

    /** However slow the machine is: no time passes for the good, and for the silent only once the good have ended. */
    @Test
    @Timeout(120)
    void goesOnManyTimesAtOnce() throws IOException, InterruptedException {
        int each = 50;
        BlockingQueue<ProbeResult> ofGood = new ArrayBlockingQueue<>(each);
        BlockingQueue<ProbeResult> ofSilent = new ArrayBlockingQueue<>(each);
        AtomicLong clock = new AtomicLong();
        MailProbe probe = ARun.Library.BORINGSSL.probe(InstantSource.system(), clock::get);
        try (TestServer good = TestServer.imap().startTls(ARun.GOOD).start();
                TestServer silent = TestServer.imap().greeting(Reply.silence()).start();
                Deadline patience = Deadline.after(Duration.ofSeconds(1), clock::get)) {
            for (int i = 0; i < each; i++) {
                start(aRun().imap(silent).startTls().by(probe), patience, ofSilent);
                start(aRun().imap(good).startTls().by(probe), patience, ofGood);
            }

            Assertions.assertThat(statusesOf(ofGood, each)).containsOnly(Status.OK);
            Assertions.assertThat(ofSilent).isEmpty();
            while (silent.connections() < each) {
                Thread.onSpinWait();
            }
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            Assertions.assertThat(statusesOf(ofSilent, each)).containsOnly(Status.ERROR);
        }
    }

    private static void start(ARun run, Deadline until, BlockingQueue<ProbeResult> results) {
        Thread.ofVirtual().start(() -> results.add(run.run(until)));
    }

    private static List<Status> statusesOf(BlockingQueue<ProbeResult> results, int count) throws InterruptedException {
        List<Status> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(results.take().status());
        }
        return statuses;
    }

    @Test
    void owesAResultEvenWhereItFailsItself() {
        AddressPolicy broken = address -> {
            throw new IllegalStateException("canary");
        };
        assertThat(aRun().by(Names.told(broken)).run())
                .learnsNothing(FailureCode.INTERNAL_ERROR, Phase.RESOLVE)
                .mentionsNowhere("canary");
    }

    /** Linux drops what does not fit into the queue of a listener that nobody accepts from. */
    private static List<Socket> fill(ServerSocket listener) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sockets.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
        }
        return sockets;
    }

    private static List<String> addresses(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
