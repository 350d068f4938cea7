package io.postwatch.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * One connection to a controller: TLS 1.3, the platform's own CA alone, and the one name that every controller's
 * certificate carries. Made for one attempt and closed with it.
 */
final class GatewayChannel implements AutoCloseable {

    private static final int KEEPALIVE_SECONDS = 20;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;

    /** Small, so that a controller has room for 10,000 agents. */
    private static final int FLOW_CONTROL_WINDOW = 128 * 1024;

    private static final int MAX_MESSAGE = 8 * 1024 * 1024;
    private static final int CLOSE_SECONDS = 2;

    private final ManagedChannel channel;

    private GatewayChannel(ControllerAddress address, SslContextBuilder tls) throws SSLException {
        this.channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                .sslContext(GrpcSslContexts.configure(tls).protocols("TLSv1.3").build())
                .overrideAuthority(PlatformTrust.CONTROLLER_NAME)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .maxInboundMessageSize(MAX_MESSAGE)
                .disableRetry()
                .build();
    }

    /** As a host that has nothing but a token. */
    static GatewayChannel forEnrolment(ControllerAddress address, EnrolmentToken token) throws SSLException {
        return new GatewayChannel(address, trusting(PlatformTrust.byToken(token)));
    }

    /** As an enrolled agent. */
    static GatewayChannel forSession(Credentials credentials) throws GeneralSecurityException, SSLException {
        return new GatewayChannel(
                credentials.controller(),
                trusting(PlatformTrust.pinnedTo(credentials.roots()))
                        .keyManager(credentials.key(), credentials.chain().toArray(new X509Certificate[0])));
    }

    /** As an agent whose certificate may have expired: it shows none. */
    static GatewayChannel forRenewal(Credentials credentials) throws GeneralSecurityException, SSLException {
        return new GatewayChannel(credentials.controller(), trusting(PlatformTrust.pinnedTo(credentials.roots())));
    }

    private static SslContextBuilder trusting(TrustManager trust) {
        return GrpcSslContexts.forClient().trustManager(trust);
    }

    AgentGatewayGrpc.AgentGatewayBlockingStub calls() {
        return AgentGatewayGrpc.newBlockingStub(channel);
    }

    AgentGatewayGrpc.AgentGatewayStub streams() {
        return AgentGatewayGrpc.newStub(channel);
    }

    /** Lets what was sent go out, for two seconds at most. */
    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
