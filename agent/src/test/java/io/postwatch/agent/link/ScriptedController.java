package io.postwatch.agent.link;

import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
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
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.Challenge;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.IssueChallengeResponse;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SpoolRecord;
import io.postwatch.proto.agent.v1.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * The other side of the wire: a controller on loopback, with real TLS, whose database is a map. It checks what an agent
 * must get right (signatures, sequences without holes) and fails the stream where it doesn't; what it answers beyond
 * that is the test's to say.
 */
public final class ScriptedController implements AutoCloseable {

    private static final Context.Key<String> CLIENT = Context.key("client");
    private static final byte[] NONCE = "a nonce for unary calls".getBytes(StandardCharsets.US_ASCII);

    /** One record in the database. */
    public record Row(SpoolRecord record, int timesReceived) {}

    private final TestAuthority authority;
    private final Server server;
    private final EnrolmentToken token;
    private final Map<UUID, EnrolRequest> agents = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentSkipListMap<Long, Row>> database = new ConcurrentHashMap<>();
    private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile Duration certificateLife = Duration.ofDays(7);
    private volatile Instant certificatesFrom = Instant.now().minusSeconds(60);
    private volatile boolean acking = true;
    private volatile Duration heartbeat = Duration.ofSeconds(1);

    public ScriptedController(TestAuthority authority) throws IOException, GeneralSecurityException {
        this(authority, authority, 0);
    }

    /** With tokens that name one authority and a certificate from another, on a given port. */
    public ScriptedController(TestAuthority authority, TestAuthority tokensAuthority, int port)
            throws IOException, GeneralSecurityException {
        this.authority = authority;
        this.token = EnrolmentToken.of(new byte[24], tokensAuthority.keyHash());
        KeyPair keys = TestAuthority.generateKeys();
        X509Certificate certificate = authority.serverCertificate(keys.getPublic(), PlatformTrust.CONTROLLER_NAME);
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(keys.getPrivate(), certificate, authority.root()))
                        .trustManager(authority.root())
                        .clientAuth(ClientAuth.OPTIONAL)
                        .build())
                .permitKeepAliveTime(1, java.util.concurrent.TimeUnit.SECONDS)
                .intercept(new ClientCertificateReader())
                .addService(new Gateway())
                .build()
                .start();
    }

    public ControllerAddress address() {
        return new ControllerAddress("127.0.0.1", server.getPort());
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

    public void ack(boolean on) {
        acking = on;
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

    /** Seals a login as a controller does. */
    @AccessesPartialKey
    public static SealedSecret seal(ByteString sealingKey, byte[] agentId, byte[] purpose, String name, String password)
            throws GeneralSecurityException {
        HybridConfig.register();
        HpkePublicKey key = HpkePublicKey.create(
                HpkeParameters.builder()
                        .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                        .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                        .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                        .setVariant(HpkeParameters.Variant.NO_PREFIX)
                        .build(),
                Bytes.copyFrom(sealingKey.toByteArray()),
                null);
        byte[] info = ByteBuffer.allocate(19 + 1 + 16 + purpose.length)
                .put("postwatch-secret-v1".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .put(agentId)
                .put(purpose)
                .array();
        byte[] sealed = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class)
                .encrypt(
                        Secret.newBuilder()
                                .setUsername(name)
                                .setPassword(password)
                                .build()
                                .toByteArray(),
                        info);
        return SealedSecret.newBuilder()
                .setKeyFingerprint(ByteString.copyFrom(sha256(sealingKey.toByteArray())))
                .setSealed(ByteString.copyFrom(sealed))
                .setPurpose(ByteString.copyFrom(purpose))
                .build();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] labelled(String label, byte[]... parts) {
        int length = label.length() + 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        buffer.put(label.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        for (byte[] part : parts) {
            buffer.put(part);
        }
        return buffer.array();
    }

    private static boolean verifies(ByteString key, byte[] message, ByteString signature) {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(key.toByteArray()));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature.toByteArray());
    }

    private ConcurrentSkipListMap<Long, Row> rows(ByteString spool, Lane lane) {
        return database.computeIfAbsent(
                java.util.HexFormat.of().formatHex(spool.toByteArray()) + " " + lane.name(),
                key -> new ConcurrentSkipListMap<>());
    }

    /** Puts the name in the client's certificate where the service finds it. */
    private static final class ClientCertificateReader implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            String name = "";
            try {
                Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
                if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
                    name = certificate.getSubjectX500Principal().getName();
                }
            } catch (SSLPeerUnverifiedException none) {
                name = "";
            }
            return Contexts.interceptCall(Context.current().withValue(CLIENT, name), call, headers, next);
        }
    }

    private final class Gateway extends AgentGatewayGrpc.AgentGatewayImplBase {

        @Override
        public void issueChallenge(IssueChallengeRequest request, StreamObserver<IssueChallengeResponse> answer) {
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
            byte[] signed = labelled(
                    "postwatch-enrol-v1",
                    NONCE,
                    sha256(request.getToken().getBytes(StandardCharsets.US_ASCII)),
                    request.getSealingKey().toByteArray(),
                    sha256(request.getCertificateRequest().toByteArray()));
            if (!verifies(request.getIdentityKey(), signed, request.getSignature())) {
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
            byte[] signed = labelled(
                    "postwatch-renew-v1",
                    NONCE,
                    request.getAgentId().toByteArray(),
                    sha256(request.getCertificateRequest().toByteArray()));
            if (known == null || !verifies(known.getIdentityKey(), signed, request.getSignature())) {
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
                return ClientCertificate.newBuilder()
                        .addChain(ByteString.copyFrom(authority
                                .clientCertificate(request.toByteArray(), agent, certificatesFrom, until)
                                .getEncoded()))
                        .addRoots(ByteString.copyFrom(authority.root().getEncoded()))
                        .setNotAfter(WireValues.timestamp(until))
                        .build();
            } catch (Exception unusable) {
                throw new IllegalStateException(unusable);
            }
        }

        @Override
        public StreamObserver<AgentMessage> session(StreamObserver<ControllerMessage> answers) {
            String client = CLIENT.get();
            if (client.isEmpty()) {
                answers.onError(Status.UNAUTHENTICATED
                        .withDescription("A session needs a client certificate.")
                        .asRuntimeException());
                return new Conversation(answers, client);
            }
            Conversation conversation = new Conversation(answers, client);
            conversations.add(conversation);
            conversation.say(ControllerMessage.newBuilder()
                    .setChallenge(Challenge.newBuilder().setNonce(conversation.nonce))
                    .build());
            return conversation;
        }
    }

    /** One session. */
    public final class Conversation implements StreamObserver<AgentMessage> {

        private final StreamObserver<ControllerMessage> answers;
        private final String client;
        private final ByteString nonce = ByteString.copyFrom(new byte[32]);
        private final List<AgentMessage> heard = new CopyOnWriteArrayList<>();
        private final Map<Lane, Long> lastSequence = new ConcurrentHashMap<>();
        private volatile @Nullable Hello hello;
        private volatile boolean over;

        private Conversation(StreamObserver<ControllerMessage> answers, String client) {
            this.answers = answers;
            this.client = client;
        }

        /** What the agent said, in order. */
        public List<AgentMessage> heard() {
            return heard;
        }

        public Hello hello() {
            Hello said = hello;
            if (said == null) {
                throw new IllegalStateException("the agent said no hello yet");
            }
            return said;
        }

        public boolean stands() {
            return hello != null;
        }

        public boolean isOver() {
            return over;
        }

        /** The first message of a kind, once it is there. */
        public AgentMessage await(Predicate<AgentMessage> kind) {
            return org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> heard.stream().filter(kind).findFirst(), java.util.Optional::isPresent)
                    .orElseThrow();
        }

        public void say(ControllerMessage message) {
            synchronized (answers) {
                answers.onNext(message);
            }
        }

        /** Ends the stream as a controller does that breaks down. */
        public void breakOff() {
            synchronized (answers) {
                answers.onError(Status.UNAVAILABLE
                        .withDescription("The database does not answer")
                        .asRuntimeException());
            }
        }

        @Override
        public void onNext(AgentMessage message) {
            switch (message.getMessageCase()) {
                case HELLO -> welcome(message.getHello());
                case HEARTBEAT -> answer(message.getHeartbeat());
                case RESULT_BATCH -> store(message.getResultBatch());
                case SNAPSHOT_WANTED, APPLIED, CERTIFICATE_UPLOAD, TEST_OUTCOME, GOODBYE, MESSAGE_NOT_SET -> {}
            }
            heard.add(message);
        }

        private void welcome(Hello said) {
            UUID agent = WireValues.uuid(said.getAgentId());
            EnrolRequest known = agents.get(agent);
            byte[] signed = labelled(
                    "postwatch-hello-v1",
                    nonce.toByteArray(),
                    said.getAgentId().toByteArray(),
                    said.getSealingKey().toByteArray(),
                    said.getBootId().toByteArray());
            if (known == null
                    || !client.equals("CN=" + agent)
                    || !verifies(known.getIdentityKey(), signed, said.getSignature())) {
                fail("not identified");
                return;
            }
            Welcome.Builder welcome = Welcome.newBuilder()
                    .setSessionId(WireValues.bytes(UUID.randomUUID()))
                    .setEpoch(conversations.size())
                    .setControllerTime(WireValues.timestamp(Instant.now()))
                    .setHeartbeatInterval(WireValues.duration(heartbeat))
                    .setAgentName(known.getName())
                    .setLocationName("Test Lab");
            for (Lane lane : List.of(Lane.LANE_LIVE, Lane.LANE_BACK_FILL)) {
                ConcurrentSkipListMap<Long, Row> rows = rows(said.getSpoolId(), lane);
                if (!rows.isEmpty()) {
                    welcome.addAcked(Ack.newBuilder().setLane(lane).setThroughSequence(rows.lastKey()));
                }
            }
            say(ControllerMessage.newBuilder().setWelcome(welcome).build());
            hello = said;
        }

        private void answer(Heartbeat beat) {
            say(ControllerMessage.newBuilder()
                    .setHeartbeatReply(HeartbeatReply.newBuilder()
                            .setNumber(beat.getNumber())
                            .setMonotonicNanos(beat.getMonotonicNanos())
                            .setControllerTime(WireValues.timestamp(Instant.now())))
                    .build());
        }

        private void store(ResultBatch batch) {
            ConcurrentSkipListMap<Long, Row> rows = rows(hello().getSpoolId(), batch.getLane());
            long through = 0;
            for (SpoolRecord record : batch.getRecordsList()) {
                through = record.getSequence();
                Long before = lastSequence.put(batch.getLane(), through);
                if (before != null && through != before + 1) {
                    fail("record " + through + " came after " + before);
                    return;
                }
                Row stored = rows.get(through);
                if (stored != null && !stored.record().equals(record)) {
                    fail("record " + through + " is another one than before");
                    return;
                }
                rows.put(through, new Row(record, stored == null ? 1 : stored.timesReceived() + 1));
            }
            if (acking) {
                ack(batch.getLane(), through);
            }
        }

        public void ack(Lane lane, long through) {
            say(ControllerMessage.newBuilder()
                    .setAck(Ack.newBuilder().setLane(lane).setThroughSequence(through))
                    .build());
        }

        private void fail(String why) {
            synchronized (answers) {
                answers.onError(Status.FAILED_PRECONDITION.withDescription(why).asRuntimeException());
            }
        }

        @Override
        public void onError(Throwable broken) {
            over = true;
        }

        @Override
        public void onCompleted() {
            over = true;
            synchronized (answers) {
                answers.onCompleted();
            }
        }
    }
}
