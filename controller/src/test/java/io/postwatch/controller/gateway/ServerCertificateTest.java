package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.EnrolmentWorld;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.enrolment.root.RootRotation;
import io.postwatch.controller.enrolment.root.RootRotation.Asker;
import io.postwatch.controller.enrolment.root.RootWorld;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Challenge;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.IssueChallengeResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The TLS of the agents' port, over real connections and in a time that the test moves: what a controller shows, and whom it lets
 * in, while its certificate and the platform's root are replaced. Nothing is restarted.
 */
@Timeout(60)
@DatabaseTest
class ServerCertificateTest {
    private static final Asker SOMEBODY = new Asker(Actor.SYSTEM, null);

    /** And a little more. */
    private static final Duration HALF_A_LIFE = Duration.ofDays(4);

    private final EnrolmentWorld world;
    private final RootRotation rotation;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private @Nullable Server server;

    ServerCertificateTest(ScopedDatabase database) {
        world = new EnrolmentWorld(database);
        rotation = world.newRotation();
    }

    /** Clients judge by the clock of this machine: what is issued in the test's time is good by it, too. */
    @BeforeEach
    void start() throws Exception {
        world.database.superuser().sql("DELETE FROM certificate_authority").update();
        world.database.superuser().sql("DELETE FROM former_root").update();
        world.clock.advance(
                Duration.between(world.clock.instant(), Instant.now().minus(HALF_A_LIFE)));
        world.refresh();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(
                        ServerTls.context(world.newServerIdentities(world.authority), world.authority, world.ticker))
                .intercept(new CertificateInterceptor())
                .addService(new Echo())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        channels.forEach(ManagedChannel::shutdownNow);
        if (server != null) {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void theCertificateIsRenewedAtHalfItsLifeAndSessionsStay() throws Exception {
        X509Certificate before = shown().getFirst();
        Session standing = session(List.of(root()));
        assertThat(shown().getFirst()).as("not before").isEqualTo(before);

        world.clock.advance(HALF_A_LIFE);

        X509Certificate after = shown().getFirst();
        assertThat(after.getSerialNumber()).isNotEqualTo(before.getSerialNumber());
        assertThat(after.getNotAfter()).isAfter(before.getNotAfter());
        standing.assertThatItStands();
    }

    @Test
    void afterAChangeOfTheRootTheNextOneIssuesAndSessionsAndOldAgentsGoOn() throws Exception {
        X509Certificate old = root();
        Session standing = session(List.of(old));

        changeRoot();

        X509Certificate next = root();
        assertThat(next).isNotEqualTo(old);
        List<X509Certificate> shown = shown();
        assertThat(shown).hasSize(3).endsWith(next, old);
        shown.getFirst().verify(next.getPublicKey());
        standing.assertThatItStands();
        session(List.of(old)).assertThatItStands();
        session(List.of(next)).assertThatItStands();
        session(List.of(old, next)).assertThatItStands();
    }

    @Test
    void agentsWithCertificatesOfEitherRootAreKnownUntilTheFormerOneIsRetired() throws Exception {
        X509Certificate old = root();
        Client before = client();
        changeRoot();
        X509Certificate next = root();
        Client after = client();

        assertThat(before.of().getFirst().getIssuerX500Principal())
                .isEqualTo(after.of().getFirst().getIssuerX500Principal());
        assertThat(answer(List.of(old), before)).isEqualTo(before.agent().toString());
        assertThat(answer(List.of(next), after)).isEqualTo(after.agent().toString());

        world.database
                .superuser()
                .sql("UPDATE certificate_authority SET issues_from = issues_from - interval '8 days'")
                .update();
        RootWorld.goOn(rotation);
        world.refresh();
        assertThat(world.authority.roots()).containsExactly(next);

        assertThat(answer(List.of(next), after)).isEqualTo(after.agent().toString());
        assertThat(answer(List.of(next), before))
                .as("its root is not trusted any more")
                .isEqualTo("refused");
        assertThat(answer(List.of(old), null)).as("it renews without one").isEqualTo("nobody");
    }

    @Test
    void anAgentOfAnotherPlatformIsNotLetInAtAnyTime() throws Exception {
        CertificateAuthority own = world.authority;
        X509Certificate old = root();
        world.database.superuser().sql("DELETE FROM certificate_authority").update();
        Client stranger = clientOf(world.newAuthority());
        world.database.superuser().sql("DELETE FROM certificate_authority").update();

        assertThat(own.roots()).containsExactly(old);
        assertThat(answer(List.of(old), stranger)).isEqualTo("refused");
    }

    private X509Certificate root() {
        return world.authority.roots().getFirst();
    }

    private void changeRoot() {
        assertThat(rotation.prepare(SOMEBODY)).isTrue();
        assertThat(rotation.change(SOMEBODY)).isTrue();
        world.clock.advance(Duration.ofMinutes(2));
        world.refresh();
    }

    /** An agent with its certificate. */
    private record Client(AgentId agent, TestAgentKeys keys, List<X509Certificate> of) {}

    private Client client() {
        return clientOf(world.authority);
    }

    private Client clientOf(CertificateAuthority authority) {
        AgentId agent = new AgentId(world.ids.next());
        TestAgentKeys keys = new TestAgentKeys();
        return new Client(
                agent,
                keys,
                List.of(world.signAgent(authority, agent, keys.tls().getPublic())));
    }

    /** What a controller's handshake shows now, whoever looks. */
    private List<X509Certificate> shown() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        AtomicReference<List<X509Certificate>> seen = new AtomicReference<>(List.of());
        tls.init(null, new TrustManager[] {new Onlooker(seen)}, null);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port())) {
            socket.startHandshake();
        }
        return seen.get();
    }

    private int port() {
        return server == null ? 0 : server.getPort();
    }

    private ManagedChannel channel(List<X509Certificate> trusted, @Nullable Client client) throws Exception {
        SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(trusted.toArray(X509Certificate[]::new));
        if (client != null) {
            tls.keyManager(client.keys().tls().getPrivate(), client.of().toArray(X509Certificate[]::new));
        }
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", port())
                .overrideAuthority("postwatch-controller")
                .sslContext(tls.build())
                .build();
        channels.add(channel);
        return channel;
    }

    /** Whom the controller takes the client for. */
    private String answer(List<X509Certificate> trusted, @Nullable Client client) throws Exception {
        try {
            return AgentGatewayGrpc.newBlockingV2Stub(channel(trusted, client))
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .issueChallenge(IssueChallengeRequest.getDefaultInstance())
                    .getNonce()
                    .toStringUtf8();
        } catch (StatusException refused) {
            return refused.getStatus().getCode() == io.grpc.Status.Code.UNAVAILABLE
                    ? "refused"
                    : refused.getStatus().toString();
        }
    }

    private Session session(List<X509Certificate> trusted) throws Exception {
        return new Session(channel(trusted, null));
    }

    /** A stream that is answered word by word. */
    private static final class Session implements StreamObserver<ControllerMessage> {
        private final AtomicInteger heard = new AtomicInteger();
        private final StreamObserver<AgentMessage> toController;

        Session(ManagedChannel channel) {
            toController = ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(AgentGatewayGrpc.getSessionMethod(), CallOptions.DEFAULT), this);
            assertThatItStands();
        }

        void assertThatItStands() {
            int before = heard.get();
            toController.onNext(AgentMessage.getDefaultInstance());
            await().atMost(20, TimeUnit.SECONDS).until(() -> heard.get() > before);
        }

        @Override
        public void onNext(ControllerMessage message) {
            heard.incrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            heard.set(Integer.MIN_VALUE);
        }

        @Override
        public void onCompleted() {
            heard.set(Integer.MIN_VALUE);
        }
    }

    private static final class Echo extends AgentGatewayGrpc.AgentGatewayImplBase {
        @Override
        public void issueChallenge(IssueChallengeRequest request, StreamObserver<IssueChallengeResponse> answer) {
            var peer = AgentGatewayService.CERTIFICATE.get();
            answer.onNext(IssueChallengeResponse.newBuilder()
                    .setNonce(ByteString.copyFromUtf8(
                            peer == null ? "nobody" : peer.agent().toString()))
                    .build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<AgentMessage> session(StreamObserver<ControllerMessage> toAgent) {
            return new StreamObserver<>() {
                @Override
                public void onNext(AgentMessage message) {
                    toAgent.onNext(ControllerMessage.newBuilder()
                            .setChallenge(Challenge.getDefaultInstance())
                            .build());
                }

                @Override
                public void onError(Throwable gone) {
                    // The test has ended.
                }

                @Override
                public void onCompleted() {
                    toAgent.onCompleted();
                }
            };
        }
    }

    /** Looks at a chain and trusts everybody, for nothing is said to them. */
    private record Onlooker(AtomicReference<List<X509Certificate>> seen) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            seen.set(List.of(chain));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new AssertionError("This is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
