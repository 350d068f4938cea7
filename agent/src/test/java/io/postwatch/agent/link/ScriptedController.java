package io.postwatch.agent.link;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.AwaitingApproval;
import io.postwatch.proto.agent.v1.Challenge;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.IssueChallengeResponse;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The other side of the wire: a controller on loopback, with real TLS, whose database is a map. It checks what an agent
 * must get right (signatures, sequences without holes) and fails the stream where it doesn't; what it answers beyond
 * that is the test's to say.
 */
public final class ScriptedController implements AutoCloseable {

    private static final byte[] NONCE = "a nonce for unary calls".getBytes(StandardCharsets.US_ASCII);

    /** What its certificate says. */
    public record Shown(String dnsName, Instant from, Instant until) {

        public static Shown now() {
            Instant now = Instant.now();
            return new Shown(
                    PlatformTrust.CONTROLLER_NAME, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(30)));
        }
    }

    /** One record in the database. */
    public record Row(SpoolRecord record, int timesReceived) {}

    private final InetSocketAddress place;
    private final TestAuthority authority;
    private final Server server;
    private final EnrolmentToken token;
    private final Map<UUID, EnrolRequest> agents = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentSkipListMap<Long, Row>> database = new ConcurrentHashMap<>();
    private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger generation = new AtomicInteger();
    private final CountedConnections connections = new CountedConnections();
    private volatile @Nullable Status answerToHellos;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean silent;
    private volatile boolean asking;
    private volatile Optional<String> shownFingerprint = Optional.empty();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile TestAuthority issuing;
    private volatile List<X509Certificate> roots;
    private volatile List<X509Certificate> formerRoots = List.of();
    private volatile Duration certificateLife = Duration.ofDays(7);
    private volatile Instant certificatesFrom = Instant.now().minusSeconds(60);
    private volatile boolean acking = true;
    private volatile boolean queueing;
    private volatile boolean answeringHeartbeats = true;
    private volatile Duration heartbeat = Duration.ofSeconds(1);

    public ScriptedController(TestAuthority authority) throws IOException, GeneralSecurityException {
        this(authority, authority, 0);
    }

    /** With tokens that name one authority and a certificate from another, on a given port. */
    public ScriptedController(TestAuthority authority, TestAuthority tokensAuthority, int port)
            throws IOException, GeneralSecurityException {
        this(authority, tokensAuthority, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Shown.now());
    }

    public ScriptedController(
            TestAuthority authority, TestAuthority tokensAuthority, InetSocketAddress place, Shown shown)
            throws IOException, GeneralSecurityException {
        this(authority, List.of(authority.root()), tokensAuthority, place, shown);
    }

    /**
     * Of a platform that has changed its authority.
     *
     * @param path the roots that it shows, from the one that issues to the first
     */
    public ScriptedController(
            TestAuthority authority,
            List<X509Certificate> path,
            TestAuthority tokensAuthority,
            InetSocketAddress place,
            Shown shown)
            throws IOException, GeneralSecurityException {
        this.place = place;
        this.authority = authority;
        this.issuing = authority;
        this.roots = List.of(authority.root());
        this.token = EnrolmentToken.of(new byte[24], tokensAuthority.keyHash());
        KeyPair keys = TestAuthority.generateKeys();
        X509Certificate certificate =
                authority.serverCertificate(keys.getPublic(), shown.dnsName(), shown.from(), shown.until());
        this.server = NettyServerBuilder.forAddress(place)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(
                                keys.getPrivate(),
                                Stream.concat(Stream.of(certificate), path.stream())
                                        .toArray(X509Certificate[]::new)))
                        .trustManager(path.toArray(X509Certificate[]::new))
                        .clientAuth(ClientAuth.OPTIONAL)
                        .build())
                .addTransportFilter(connections)
                .permitKeepAliveTime(1, java.util.concurrent.TimeUnit.SECONDS)
                .intercept(new CallingAgent())
                .addService(new Gateway())
                .build()
                .start();
    }

    public ControllerAddress address() {
        return new ControllerAddress(place.getAddress().getHostAddress(), server.getPort());
    }

    public EnrolmentToken token() {
        return token;
    }

    public TestAuthority authority() {
        return authority;
    }

    public int renewals() {
        return renewals.get();
    }

    public int enrolledAgents() {
        return agents.size();
    }

    public void issueCertificates(Instant from, Duration life) {
        certificatesFrom = from;
        certificateLife = life;
    }

    /** From now on agents' certificates come from this authority, whoever the controller's own is from. */
    public void issueBy(TestAuthority other) {
        issuing = other;
    }

    /** From now on answers name these as the platform's roots. */
    public void nameRoots(X509Certificate... named) {
        roots = List.of(named);
    }

    /** From now on answers name these as roots that are not trusted any more. */
    public void nameFormerRoots(List<X509Certificate> named) {
        formerRoots = List.copyOf(named);
    }

    /** Another controller of the same platform: it knows the agents that are enrolled there by now. */
    public void knowAgentsOf(ScriptedController other) {
        agents.putAll(other.agents);
    }

    /** From now on every hello is answered with this error, or again with a welcome. */
    public void answerHellosWith(@Nullable Status error) {
        answerToHellos = error;
    }

    /** From now on a person has to approve agents, or does so no more. */
    public void askForApproval(boolean on) {
        asking = on;
    }

    /** What the controller shows as the fingerprint of every key. */
    public void show(String fingerprint) {
        shownFingerprint = Optional.of(fingerprint);
    }

    /** How often agents heard that they wait for approval. */
    public int askedForApproval() {
        return asked.get();
    }

    /** From now on a call that is no session is never answered. */
    public void answerNoCalls() {
        silent = true;
    }

    public int unansweredCalls() {
        return unanswered.get();
    }

    /** How many connections were open at once, at most. */
    public int mostConnections() {
        return connections.most();
    }

    public void ack(boolean on) {
        acking = on;
    }

    /** From now on hellos wait for their turn until each is {@linkplain Conversation#letIn let in}. */
    public void letHellosWait() {
        queueing = true;
    }

    public void answerHeartbeats(boolean on) {
        answeringHeartbeats = on;
    }

    public void beatEvery(Duration interval) {
        heartbeat = interval;
    }

    /** Forgets what came after a sequence, as a database does that failed over. */
    public void forget(Lane lane, long after) {
        database.forEach((key, rows) -> {
            if (key.endsWith(lane.name())) {
                rows.tailMap(after, false).clear();
            }
        });
    }

    /** Claims to know more of every spool than was ever sent. */
    public void pretend(byte[] spoolId, Lane lane, long sequence) {
        rows(ByteString.copyFrom(spoolId), lane).put(sequence, new Row(SpoolRecord.getDefaultInstance(), 1));
    }

    /** All rows of all spools. */
    public List<Row> rows() {
        return database.values().stream()
                .flatMap(lane -> lane.values().stream())
                .toList();
    }

    public List<Conversation> conversations() {
        return conversations;
    }

    /** The nth session, once it stands. */
    public Conversation session(int number) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> conversations.stream().filter(Conversation::stands).count() >= number);
        return conversations.stream().filter(Conversation::stands).toList().get(number - 1);
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A snapshot in one part. */
    public static ControllerMessage snapshot(long revision, List<Assignment> assignments) {
        return ControllerMessage.newBuilder()
                .setSnapshot(Snapshot.newBuilder()
                        .setRevision(revision)
                        .setLast(true)
                        .addAllAssignments(assignments)
                        .setHash(hash(assignments)))
                .build();
    }

    /** The hash of a state. */
    public static ByteString hash(List<Assignment> assignments) {
        List<AssignedItem> items = new ArrayList<>();
        assignments.forEach(assignment -> items.add(new AssignedItem.Rejected(
                new io.postwatch.agent.assignment.SeriesId(assignment.getSeries()),
                assignment.getRevision(),
                io.postwatch.agent.assignment.RejectionReason.INVALID,
                "for its hash")));
        return ByteString.copyFrom(DesiredState.of(1, items).hash().bytes());
    }

    @Nullable
    EnrolRequest enrolled(UUID agent) {
        return agents.get(agent);
    }

    @Nullable
    Status answerToHellos() {
        return answerToHellos;
    }

    boolean isAcking() {
        return acking;
    }

    boolean isQueueing() {
        return queueing;
    }

    boolean isAnsweringHeartbeats() {
        return answeringHeartbeats;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    ConcurrentSkipListMap<Long, Row> rows(ByteString spool, Lane lane) {
        return database.computeIfAbsent(
                java.util.HexFormat.of().formatHex(spool.toByteArray()) + " " + lane.name(),
                key -> new ConcurrentSkipListMap<>());
    }

    private final class Gateway extends AgentGatewayGrpc.AgentGatewayImplBase {

        @Override
        public void issueChallenge(IssueChallengeRequest request, StreamObserver<IssueChallengeResponse> answer) {
            if (silent) {
                unanswered.incrementAndGet();
                return;
            }
            answer.onNext(IssueChallengeResponse.newBuilder()
                    .setNonce(ByteString.copyFrom(NONCE))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
            if (!request.getToken().equals(token.reveal())) {
                answer.onError(Status.UNAUTHENTICATED
                        .withDescription("The token is unknown, used up or expired.")
                        .asRuntimeException());
                return;
            }
            byte[] signed = AgentProofs.labelled(
                    "postwatch-enrol-v1",
                    NONCE,
                    AgentProofs.sha256(request.getToken().getBytes(StandardCharsets.US_ASCII)),
                    request.getSealingKey().toByteArray(),
                    AgentProofs.sha256(request.getCertificateRequest().toByteArray()));
            if (!AgentProofs.verifies(request.getIdentityKey(), signed, request.getSignature())) {
                answer.onError(Status.UNAUTHENTICATED
                        .withDescription("The signature is wrong.")
                        .asRuntimeException());
                return;
            }
            UUID agent = agents.entrySet().stream()
                    .filter(known -> known.getValue().getIdentityKey().equals(request.getIdentityKey()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseGet(UUID::randomUUID);
            agents.put(agent, request);
            if (asking) {
                asked.incrementAndGet();
                answer.onNext(EnrolResponse.newBuilder()
                        .setAgentId(WireValues.bytes(agent))
                        .setAwaitingApproval(AwaitingApproval.newBuilder()
                                .setFingerprint(shownFingerprint.orElseGet(
                                        () -> AgentProofs.fingerprint(request.getIdentityKey())))
                                .setAskAgain(WireValues.duration(Duration.ofSeconds(1))))
                        .build());
                answer.onCompleted();
                return;
            }
            answer.onNext(EnrolResponse.newBuilder()
                    .setAgentId(WireValues.bytes(agent))
                    .setAgentName(request.getName())
                    .setLocationName("Test Lab")
                    .setCertificate(certificate(agent, request.getCertificateRequest()))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void renewCertificate(RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
            UUID agent = WireValues.uuid(request.getAgentId());
            EnrolRequest known = agents.get(agent);
            byte[] signed = AgentProofs.labelled(
                    "postwatch-renew-v1",
                    NONCE,
                    request.getAgentId().toByteArray(),
                    AgentProofs.sha256(request.getCertificateRequest().toByteArray()));
            if (known == null || !AgentProofs.verifies(known.getIdentityKey(), signed, request.getSignature())) {
                answer.onError(Status.UNAUTHENTICATED
                        .withDescription("The agent is not known.")
                        .asRuntimeException());
                return;
            }
            renewals.incrementAndGet();
            answer.onNext(RenewCertificateResponse.newBuilder()
                    .setCertificate(certificate(agent, request.getCertificateRequest()))
                    .build());
            answer.onCompleted();
        }

        private ClientCertificate certificate(UUID agent, ByteString request) {
            try {
                Instant until = certificatesFrom.plus(certificateLife);
                ClientCertificate.Builder answer = ClientCertificate.newBuilder();
                for (X509Certificate root : roots) {
                    answer.addRoots(ByteString.copyFrom(root.getEncoded()));
                }
                for (X509Certificate root : formerRoots) {
                    answer.addFormerRoots(ByteString.copyFrom(root.getEncoded()));
                }
                return answer.addChain(ByteString.copyFrom(
                                issuing.clientCertificate(request.toByteArray(), agent, certificatesFrom, until)
                                        .getEncoded()))
                        .setNotAfter(WireValues.timestamp(until))
                        .setGeneration(generation.incrementAndGet())
                        .build();
            } catch (Exception unusable) {
                throw new IllegalStateException(unusable);
            }
        }

        @Override
        public StreamObserver<AgentMessage> session(StreamObserver<ControllerMessage> answers) {
            String client = CallingAgent.name();
            if (client.isEmpty()) {
                answers.onError(Status.UNAUTHENTICATED
                        .withDescription("A session needs a client certificate.")
                        .asRuntimeException());
                return new Conversation(ScriptedController.this, answers, client);
            }
            Conversation conversation = new Conversation(ScriptedController.this, answers, client);
            conversations.add(conversation);
            conversation.say(ControllerMessage.newBuilder()
                    .setChallenge(Challenge.newBuilder().setNonce(conversation.nonce()))
                    .build());
            return conversation;
        }
    }
}
