package io.postwatch.agent;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.AgentFacts;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Row;
import io.postwatch.agent.link.channel.ControllerProxy;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Security;
import io.postwatch.proto.agent.v1.SmtpCheck;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent, but for its prober, against a scripted controller over real TLS on loopback. */
@Timeout(60)
abstract class AgentTestCase {

    static final CapturedCertificate CERTIFICATE =
            CapturedCertificate.of("not quite DER".getBytes(StandardCharsets.US_ASCII));
    static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    static final String PASSWORD = "correct-horse-battery";

    @TempDir
    Path home;

    final TestAuthority authority = new TestAuthority("platform");
    final ConcurrentLinkedQueue<ProbeRequest> probed = new ConcurrentLinkedQueue<>();
    final AtomicReference<TextLookup> texts =
            new AtomicReference<>((name, deadline) -> new TextAnswer.Unknown("nobody was asked"));
    final AtomicReference<Probe> probe = new AtomicReference<>((request, deadline) -> {
        probed.add(request);
        return result();
    });
    final List<AutoCloseable> opened = new ArrayList<>();
    EgressHosts egress = EgressHosts.NONE;
    LocalSecrets secrets = new LocalSecrets(Map.of(), variable -> null, SystemClocks.monotonic());

    @Nullable
    ControllerProxy proxy;

    InstantSource wall = SystemClocks.wall();

    ScriptedController controller;

    @BeforeEach
    void open() throws IOException, GeneralSecurityException {
        controller = new ScriptedController(authority);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        controller.close();
    }

    Enrolment enrolment() throws IOException {
        return new Enrolment(identity(home.resolve("state")), "1.2.3", new GatewayChannels(proxy));
    }

    static IdentityStore identity(Path state) throws IOException {
        return new IdentityStore(PrivateFolder.open(state), new SecureRandom());
    }

    Credentials enrol() throws IOException, RefusedException {
        return enrolment().enrol(controller.address(), controller.token(), "host-a");
    }

    static Credentials enrolledCredentials(Path state) throws IOException {
        return identity(state).credentials().orElseThrow();
    }

    Agent start() throws Exception {
        return startOn(home.resolve("state"), enrol());
    }

    Agent startOn(Path state, Credentials credentials) throws IOException, SQLException, GeneralSecurityException {
        return startOn(state, credentials, new SecureRandom());
    }

    Agent startOn(Path state, Credentials credentials, SecureRandom random)
            throws IOException, SQLException, GeneralSecurityException {
        AgentFacts facts = new AgentFacts(
                "1.2.3",
                new UUID(random.nextLong(), random.nextLong()),
                "host-a",
                "Linux",
                "amd64",
                true,
                false,
                100,
                false,
                secrets.names());
        Agent agent = Agent.start(
                new AgentConfiguration(
                        state,
                        null,
                        proxy,
                        "host-a",
                        new ProbeConfiguration(
                                ProbeConfiguration.Reach.PRIVATE,
                                List.of(),
                                List.of(),
                                List.of(),
                                new io.postwatch.agent.probe.address.MailHost("host-a")),
                        Map.of(),
                        egress,
                        SpoolBounds.DEFAULT,
                        new ScheduleLimits(100, 5, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(5)),
                        Duration.ofDays(7)),
                PrivateFolder.open(state),
                identity(state),
                credentials,
                secrets,
                () -> facts,
                new Agent.Surroundings(
                        wall,
                        SystemClocks.monotonic(),
                        random,
                        (request, deadline) -> probe.get().run(request, deadline),
                        (name, deadline) -> texts.get().texts(name, deadline),
                        new Backoff(Duration.ofMillis(50), Duration.ofMillis(200))));
        opened.add(agent);
        return agent;
    }

    void close(Agent agent) {
        opened.remove(agent);
        agent.close();
    }

    Path copyState() throws IOException {
        Path copy = Files.createDirectory(home.resolve("copy"));
        try (Stream<Path> files = Files.list(home.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    Conversation connectedWith(Assignment... assignments) {
        Conversation session = controller.session(1);
        session.say(ScriptedController.snapshot(1, List.of(assignments)));
        session.await(AgentMessage::hasApplied);
        return session;
    }

    static void trigger(Conversation session, long series, long revision, long second) {
        session.say(ControllerMessage.newBuilder()
                .setTriggeredRun(TriggeredRun.newBuilder()
                        .setSeries(series)
                        .setRevision(revision)
                        .setScheduledAt(Timestamp.newBuilder().setSeconds(second)))
                .build());
    }

    List<Row> awaitRows(int count) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> controller.rows().size() == count);
        return controller.rows();
    }

    static Set<Long> scheduledSeconds(List<Row> rows) {
        Set<Long> seconds = new HashSet<>();
        rows.forEach(
                row -> seconds.add(row.record().getResult().getScheduledAt().getSeconds()));
        return seconds;
    }

    static byte[] purpose(long series) {
        return ByteBuffer.allocate(8).putLong(series).array();
    }

    static Check.Builder aCheck() {
        return Check.newBuilder()
                .setHost("mail.example.org")
                .setPort(25)
                .setSecurity(Security.SECURITY_STARTTLS)
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(5))
                .setSmtp(SmtpCheck.getDefaultInstance());
    }

    /** Due in nearly a day, so that only triggered runs happen. */
    static Assignment.Builder anAssignment(long series, long revision) {
        long sinceMidnight = Instant.now().getEpochSecond() % 86_400;
        return Assignment.newBuilder()
                .setSeries(series)
                .setRevision(revision)
                .setMonitorId(ByteString.copyFrom(new AgentId(new UUID(0, series)).bytes()))
                .setPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(86_400))
                .setAnchor(com.google.protobuf.Duration.newBuilder().setSeconds((sinceMidnight + 80_000) % 86_400))
                .setCheck(aCheck());
    }

    static ProbeResult result() {
        return new ProbeResult(
                Status.OK,
                null,
                Duration.ofMillis(5),
                List.of(),
                null,
                null,
                new CertificateFindings(
                        List.of(CERTIFICATE),
                        List.of(),
                        Instant.parse("2027-01-01T00:00:00Z"),
                        40,
                        ExpiryLimits.Reached.NOTHING),
                "220 ready",
                List.of("STARTTLS"),
                null,
                Transcript.EMPTY);
    }
}
