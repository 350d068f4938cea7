package io.postwatch.agent.selfcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.CidrBlock;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.run.MailProbe;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.selfcheck.EgressHosts.Host;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets: hosts of the operator and servers of monitors on loopback, with ports as the operator names them. */
@Timeout(30)
class BlameCheckTest {

    /** Where the hosts of the operator are. */
    private static final String OUTSIDE = "127.0.0.1";

    /** Where the servers of monitors would be: nothing listens there. */
    private static final String TARGET = "127.0.0.2";

    private static final Probe PROBE = new MailProbe(
            new HostAddressPolicy(List.of(CidrBlock.of("127.0.0.0/8"), CidrBlock.of("::1")), List.of()),
            new MailHost("prober.example.net"),
            InstantSource.system(),
            System::nanoTime,
            List.of());

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void whereNoHostOfTheOperatorCanBeReachedNoServerIsBlamed() throws IOException {
        int port = unusedPort();
        Agent agent = new Agent(port);
        agent.check.look();
        assertThat(agent.egress.blockedPorts()).containsExactly(port);
        ProbeResult result = agent.runAt(port);
        assertThat(result.status()).isEqualTo(Status.NO_DATA);
        Failure failure = Objects.requireNonNull(result.failure());
        assertThat(failure.code()).isEqualTo(FailureCode.NO_EGRESS);
        assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
        assertThat(failure.message())
                .startsWith(
                        "Port " + port + " is blocked for this agent: the host that is asked for this purpose can't be")
                .contains(TARGET + " port " + port + " was refused");
        assertThat(Objects.requireNonNull(result.network()).attempts()).hasSize(1);
    }

    @Test
    void atAnotherPortItIsTheServersFault() throws IOException {
        Agent agent = new Agent(unusedPort());
        agent.check.look();
        assertThat(codeOf(agent.runAt(unusedPort()))).isEqualTo(FailureCode.CONNECTION_REFUSED);
    }

    @Test
    void whereAHostOfTheOperatorAnswersItIsTheServersFault() throws IOException {
        try (TestServer outside = TestServer.smtp().start()) {
            Agent agent = new Agent(outside.port());
            agent.check.look();
            assertThat(agent.egress.blockedPorts()).isEmpty();
            assertThat(codeOf(agent.runAt(outside.port()))).isEqualTo(FailureCode.CONNECTION_REFUSED);
        }
    }

    @Test
    void aHostThatRefusesToTalkIsThereToo() throws IOException {
        try (TestServer busy =
                TestServer.smtp().greeting("421 too many connections").start()) {
            Agent agent = new Agent(busy.port());
            agent.check.look();
            assertThat(agent.egress.blockedPorts()).isEmpty();
        }
    }

    @Test
    void hostsAreAskedPolitely() throws IOException {
        try (TestServer outside = TestServer.smtp().start()) {
            Agent agent = new Agent(outside.port());
            agent.check.look();
            agent.check.look();
            assertThat(outside.received()).containsExactly("QUIT");
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            agent.check.look();
            assertThat(outside.connections()).isEqualTo(1);
            agent.runAt(outside.port());
            agent.check.look();
            assertThat(outside.connections()).as("connections begin to fail").isEqualTo(2);
            nanos.addAndGet(Duration.ofMinutes(5).toNanos());
            agent.check.look();
            assertThat(outside.connections()).isEqualTo(3);
        }
    }

    @Test
    void oneHostThatAnswersIsEnoughForARound() throws IOException {
        try (TestServer outside = TestServer.smtp().start()) {
            Agent agent = new Agent(
                    new Host(new MailHost(TARGET), outside.port()), new Host(new MailHost(OUTSIDE), outside.port()));
            agent.check.look();
            nanos.addAndGet(Duration.ofMinutes(5).toNanos());
            agent.check.look();
            assertThat(outside.connections()).isEqualTo(2);
            assertThat(agent.egress.blockedPorts()).isEmpty();
        }
    }

    @Test
    void severalHostsThatCannotBeReachedAreToldAsSuch() throws IOException {
        int port = unusedPort();
        Agent agent = new Agent(new Host(new MailHost(TARGET), port), new Host(new MailHost(OUTSIDE), port));
        agent.check.look();
        Failure failure = Objects.requireNonNull(agent.runAt(port).failure());
        assertThat(failure.message()).startsWith("Port " + port + " is blocked for this agent: none of the hosts");
    }

    /** A provider that closes the port over IPv4 may leave it over IPv6, and the other way round. */
    @Test
    void oneAddressFamilyTellsNothingOfTheOther() throws IOException {
        int port = unusedPort();
        Agent agent = new Agent(new Host(new MailHost("::1"), port));
        agent.check.look();
        assertThat(agent.egress.blockedBecause(port, AddressFamily.IPV6)).isNotNull();
        assertThat(agent.egress.blockedBecause(port, AddressFamily.IPV4)).isNull();
        assertThat(codeOf(agent.runAt(port))).isEqualTo(FailureCode.CONNECTION_REFUSED);
        try (TestServer server = TestServer.smtp().start(InetAddress.ofLiteral(TARGET), port)) {
            agent.runAt(server.port());
            assertThat(agent.egress.blockedPorts()).as("open over IPv4").isEmpty();
        }
    }

    @Test
    void hostsThatMayNotBeAskedTellNothing() throws IOException {
        int port = unusedPort();
        Agent agent = new Agent(new Host(new MailHost("169.254.169.254"), port));
        agent.check.look();
        assertThat(agent.egress.blockedPorts()).isEmpty();
        assertThat(codeOf(agent.runAt(port))).isEqualTo(FailureCode.CONNECTION_REFUSED);
    }

    @Test
    void whatFailsAfterTheConnectionStoodIsTheServersFault() throws IOException {
        int port = unusedPort();
        Agent agent = new Agent(port);
        agent.check.look();
        try (TestServer target =
                TestServer.smtp().onCommand("EHLO", Reply.reset()).start(InetAddress.ofLiteral(TARGET), port)) {
            assertThat(codeOf(agent.runAt(target.port()))).isEqualTo(FailureCode.CONNECTION_RESET);
            assertThat(agent.egress.blockedPorts()).as("it was reached").isEmpty();
        }
    }

    /** As wired by the program; time passes for what is known of the way out when the test says so. */
    private final class Agent {

        private final Egress egress;
        private final EgressCheck check;
        private final Probe probe;

        private Agent(int port) {
            this(new Host(new MailHost(OUTSIDE), port));
        }

        private Agent(Host... outside) {
            EgressHosts hosts = new EgressHosts(List.of(outside));
            egress = new Egress(hosts, nanos::get);
            check = new EgressCheck(PROBE, hosts, egress, System::nanoTime);
            probe = new BlameCheck(PROBE, egress);
        }

        private ProbeResult runAt(int port) {
            nanos.incrementAndGet();
            Duration timeout = Duration.ofSeconds(10);
            ProbeRequest request = new SmtpRequest(
                    new RunSettings(
                            new Target(new MailHost(TARGET), port, Security.NONE, AddressFamily.ANY),
                            null,
                            Thresholds.NONE,
                            CertificatePolicy.DEFAULT,
                            Expectations.NONE,
                            null,
                            timeout,
                            0),
                    new ProtocolOptions.Smtp(null));
            try (Deadline deadline = Deadline.after(timeout, System::nanoTime)) {
                return probe.run(request, deadline);
            }
        }
    }

    private static FailureCode codeOf(ProbeResult result) {
        return Objects.requireNonNull(result.failure()).code();
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(OUTSIDE))) {
            return socket.getLocalPort();
        }
    }
}
