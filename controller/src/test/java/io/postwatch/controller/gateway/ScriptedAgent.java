package io.postwatch.controller.gateway;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.CheckType;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Host;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import io.postwatch.proto.agent.v1.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The other side of the wire in a test's hands: it says what the test says, and keeps all that it hears. */
final class ScriptedAgent implements AutoCloseable {
    /** The session, for an agent that may say what is no message. */
    private static final MethodDescriptor<byte[], ControllerMessage> SESSION =
            AgentGatewayGrpc.getSessionMethod().toBuilder(
                            new AnyBytes(), AgentGatewayGrpc.getSessionMethod().getResponseMarshaller())
                    .build();

    final TestAgentKeys keys = new TestAgentKeys();
    final ByteString spool = uuid(UUID.randomUUID());
    private int port;
    private final X509Certificate root;
    private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
    private Capabilities capabilities = Capabilities.newBuilder()
            .addCheckTypes(CheckType.CHECK_TYPE_SMTP)
            .addCheckTypes(CheckType.CHECK_TYPE_IMAP)
            .addAuthMechanisms(AuthMechanism.AUTH_MECHANISM_PLAIN)
            .setIpv4(true)
            .setMaxRunsPerSecond(10)
            .build();
    private @Nullable AgentId id;
    private List<X509Certificate> chain = List.of();
    private long generation;

    ScriptedAgent(int port, X509Certificate root) {
        this.port = port;
        this.root = root;
    }

    /** From now on it dials the controller at this port. */
    ScriptedAgent at(int otherPort) {
        port = otherPort;
        return this;
    }

    /** It will say that it can do all that the protocol knows. */
    ScriptedAgent ableToDoEverything() {
        capabilities = Capabilities.newBuilder()
                .addAllCheckTypes(Arrays.stream(CheckType.values())
                        .filter(type -> type != CheckType.UNRECOGNIZED)
                        .toList())
                .addAllAuthMechanisms(Arrays.stream(AuthMechanism.values())
                        .filter(mechanism -> mechanism != AuthMechanism.UNRECOGNIZED)
                        .toList())
                .setIpv4(true)
                .setMaxRunsPerSecond(10)
                .build();
        return this;
    }

    /** It will say that its host knows these secrets, and no others. */
    ScriptedAgent knowing(String... localSecrets) {
        capabilities = capabilities.toBuilder()
                .clearLocalSecrets()
                .addAllLocalSecrets(List.of(localSecrets))
                .build();
        return this;
    }

    /** It will say that its host keeps it to public addresses. */
    ScriptedAgent withPublicAddressesOnly() {
        capabilities = capabilities.toBuilder().setPublicAddressesOnly(true).build();
        return this;
    }

    /** It will say that its host has IPv6, too. */
    ScriptedAgent withIpv6() {
        capabilities = capabilities.toBuilder().setIpv6(true).build();
        return this;
    }

    AgentId id() {
        if (id == null) {
            throw new AssertionError("Not enrolled");
        }
        return id;
    }

    EnrolResponse enrol(String token) {
        var stub = calls();
        try {
            ByteString nonce = stub.issueChallenge(IssueChallengeRequest.getDefaultInstance())
                    .getNonce();
            Bytes request = keys.certificateRequest();
            Bytes signature = keys.sign(
                    "postwatch-enrol-v1",
                    Bytes.of(nonce.toByteArray()),
                    TestAgentKeys.sha256(token.getBytes(StandardCharsets.UTF_8)),
                    keys.sealingKey(),
                    TestAgentKeys.sha256(request.toArray()));
            EnrolResponse response = stub.enrol(EnrolRequest.newBuilder()
                    .setToken(token)
                    .setNonce(nonce)
                    .setIdentityKey(bytes(keys.identityKey()))
                    .setSealingKey(bytes(keys.sealingKey()))
                    .setCertificateRequest(bytes(request))
                    .setSignature(bytes(signature))
                    .setName("scripted")
                    .setVersion("0.1.0")
                    .build());
            id = new AgentId(ResultMapping.uuid(response.getAgentId(), "agent"));
            take(response.getCertificate());
            return response;
        } catch (io.grpc.StatusException e) {
            throw new StatusRuntimeException(e.getStatus(), e.getTrailers());
        }
    }

    private void take(ClientCertificate certificate) {
        generation = certificate.getGeneration();
        chain = certificate.getChainList().stream()
                .map(ScriptedAgent::certificate)
                .toList();
    }

    /** Gets a new certificate and holds it from now on. */
    void renew() {
        var stub = calls();
        try {
            ByteString nonce = stub.issueChallenge(IssueChallengeRequest.getDefaultInstance())
                    .getNonce();
            Bytes request = keys.certificateRequest();
            ByteString agent = uuid(id().value());
            Bytes signature = keys.sign(
                    "postwatch-renew-v1",
                    Bytes.of(nonce.toByteArray()),
                    Bytes.of(agent.toByteArray()),
                    TestAgentKeys.sha256(request.toArray()));
            take(stub.renewCertificate(RenewCertificateRequest.newBuilder()
                            .setAgentId(agent)
                            .setNonce(nonce)
                            .setCertificateRequest(bytes(request))
                            .setSignature(bytes(signature))
                            .setGeneration(generation)
                            .build())
                    .getCertificate());
        } catch (io.grpc.StatusException e) {
            throw new StatusRuntimeException(e.getStatus(), e.getTrailers());
        }
    }

    /** As from another copy of its state folder. */
    void hold(long olderGeneration, List<X509Certificate> olderChain) {
        generation = olderGeneration;
        chain = olderChain;
    }

    long generation() {
        return generation;
    }

    /** What needs no certificate. */
    AgentGatewayGrpc.AgentGatewayBlockingV2Stub calls() {
        return AgentGatewayGrpc.newBlockingV2Stub(channel(null, List.of()));
    }

    Stream connect() {
        return connect(keys.tls().getPrivate(), chain);
    }

    /** At another controller of the platform. */
    Stream connectTo(int otherPort) {
        return new Stream(channel(otherPort, keys.tls().getPrivate(), chain));
    }

    /** With this agent's key and the certificate of somebody else, or with none. */
    Stream connect(@Nullable PrivateKey key, List<X509Certificate> certificates) {
        return new Stream(channel(key, certificates));
    }

    List<X509Certificate> chain() {
        return chain;
    }

    private ManagedChannel channel(@Nullable PrivateKey key, List<X509Certificate> certificates) {
        return channel(port, key, certificates);
    }

    private ManagedChannel channel(int to, @Nullable PrivateKey key, List<X509Certificate> certificates) {
        try {
            SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(root);
            if (key != null) {
                tls.keyManager(key, certificates.toArray(X509Certificate[]::new));
            }
            ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", to)
                    .overrideAuthority("postwatch-controller")
                    .sslContext(tls.build())
                    .build();
            channels.add(channel);
            return channel;
        } catch (javax.net.ssl.SSLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    /** One session. */
    final class Stream implements StreamObserver<ControllerMessage> {
        private final List<ControllerMessage> heard = new CopyOnWriteArrayList<>();
        private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
        private volatile boolean completed;
        private final ManagedChannel channel;
        private final StreamObserver<byte[]> toController;

        Stream(ManagedChannel channel) {
            this.channel = channel;
            toController = ClientCalls.asyncBidiStreamingCall(channel.newCall(SESSION, CallOptions.DEFAULT), this);
        }

        @Override
        public void onNext(ControllerMessage message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            broken.set(failure);
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        void say(AgentMessage.Builder message) {
            sayBytes(message.build().toByteArray());
        }

        /** As a message, whatever it is. */
        void sayBytes(byte[] message) {
            toController.onNext(message);
        }

        /** Waits for the n-th message of a kind, from 0. */
        ControllerMessage hear(MessageCase kind, int n) {
            await().atMost(10, TimeUnit.SECONDS).until(() -> all(kind).size() > n || over());
            List<ControllerMessage> all = all(kind);
            if (all.size() <= n) {
                throw new AssertionError("Did not hear " + kind + " but " + heard + ", broken: " + broken.get());
            }
            return all.get(n);
        }

        ControllerMessage hear(MessageCase kind) {
            return hear(kind, 0);
        }

        /** All of it, in its order. */
        List<ControllerMessage> heard() {
            return List.copyOf(heard);
        }

        List<ControllerMessage> all(MessageCase kind) {
            return heard.stream()
                    .filter(message -> message.getMessageCase() == kind)
                    .toList();
        }

        int position(MessageCase kind) {
            return heard.stream()
                    .map(ControllerMessage::getMessageCase)
                    .toList()
                    .indexOf(kind);
        }

        boolean over() {
            return completed || broken.get() != null;
        }

        Optional<io.grpc.Status.Code> awaitEnd() {
            await().atMost(10, TimeUnit.SECONDS).until(this::over);
            return Optional.ofNullable(broken.get())
                    .map(failure -> io.grpc.Status.fromThrowable(failure).getCode());
        }

        /** The proper hello; up to the welcome. */
        Stream greet() {
            greet(0, ByteString.EMPTY);
            return this;
        }

        void greet(long appliedRevision, ByteString appliedHash) {
            say(hello(id(), appliedRevision, appliedHash));
            hear(MessageCase.WELCOME);
        }

        AgentMessage.Builder hello(AgentId claimed, long appliedRevision, ByteString appliedHash) {
            Bytes nonce = Bytes.of(
                    hear(MessageCase.CHALLENGE).getChallenge().getNonce().toByteArray());
            return ScriptedAgent.this.hello(nonce, claimed, appliedRevision, appliedHash);
        }

        void applied(long revision, ByteString hash) {
            say(AgentMessage.newBuilder()
                    .setApplied(Applied.newBuilder().setRevision(revision).setHash(hash)));
        }

        void rejected(long revision, ByteString hash, RejectedAssignment rejected) {
            say(AgentMessage.newBuilder()
                    .setApplied(Applied.newBuilder()
                            .setRevision(revision)
                            .setHash(hash)
                            .addRejected(rejected)));
        }

        void results(long firstSequence, RunResult... results) {
            ResultBatch.Builder batch = ResultBatch.newBuilder().setLane(Lane.LANE_LIVE);
            long sequence = firstSequence;
            for (RunResult result : results) {
                batch.addRecords(
                        SpoolRecord.newBuilder().setSequence(sequence++).setResult(result));
            }
            say(AgentMessage.newBuilder().setResultBatch(batch));
        }

        /** The connection breaks. */
        void cut() {
            channel.shutdownNow();
        }
    }

    /** The proper answer to a challenge. */
    AgentMessage.Builder hello(Bytes nonce, AgentId claimed, long appliedRevision, ByteString appliedHash) {
        Bytes agent = Bytes.of(uuid(claimed.value()).toByteArray());
        Bytes boot = Bytes.of(new byte[16]);
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setAgentId(bytes(agent))
                        .setSignature(bytes(keys.sign("postwatch-hello-v1", nonce, agent, keys.sealingKey(), boot)))
                        .setSealingKey(bytes(keys.sealingKey()))
                        .setBootId(bytes(boot))
                        .setGeneration(generation)
                        .addTrustedRoots(
                                bytes(TestAgentKeys.sha256(root.getPublicKey().getEncoded())))
                        .setVersion("0.1.0")
                        .setCapabilities(capabilities)
                        .setHost(Host.newBuilder()
                                .setHostname("scripted")
                                .setOs("linux")
                                .setArch("amd64"))
                        .setAppliedRevision(appliedRevision)
                        .setAppliedHash(appliedHash)
                        .setSpoolId(spool)
                        .setWallTime(timestamp(Instant.now())));
    }

    static RunResult ok(long series, long revision, Instant scheduledAt) {
        return RunResult.newBuilder()
                .setSeries(series)
                .setRevision(revision)
                .setRunId(uuid(UUID.randomUUID()))
                .setScheduledAt(timestamp(scheduledAt))
                .setStartedAt(timestamp(scheduledAt))
                .setTotal(Duration.newBuilder().setNanos(42_000_000))
                .setStatus(Status.STATUS_OK)
                .build();
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static X509Certificate certificate(ByteString der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }

    static ByteString uuid(UUID id) {
        return OrderMapping.bytes(id);
    }

    private static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    private static final class AnyBytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("Agents say this and never hear it");
        }
    }
}
