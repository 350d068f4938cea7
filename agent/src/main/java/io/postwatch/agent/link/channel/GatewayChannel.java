package io.postwatch.agent.link.channel;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.ControllerTrust;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.identity.UntrustedControllerException;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a controller: TLS 1.3, the platform's own CA alone, and the one name that every controller's
 * certificate carries. Made for one attempt and closed with it.
 */
public final class GatewayChannel implements AutoCloseable {

    private static final int KEEPALIVE_SECONDS = 20;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;

    /** Small, so that a controller has room for 10,000 agents. */
    private static final int FLOW_CONTROL_WINDOW = 128 * 1024;

    private static final int MAX_MESSAGE = 8 * 1024 * 1024;
    private static final int CLOSE_SECONDS = 2;

    private final ControllerTrust trust;
    private final @Nullable ProxyConnections connections;
    private final ManagedChannel channel;

    GatewayChannel(
            ControllerAddress address, ControllerTrust trust, SslContextBuilder tls, @Nullable ControllerProxy proxy)
            throws SSLException {
        this.trust = trust;
        ProxyTls around = proxy == null ? null : proxy.tls();
        this.connections = proxy == null || around == null ? null : new ProxyConnections(proxy, around);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port())
                // Without a detector of ours gRPC would follow Java's system properties.
                .proxyDetector(proxy == null ? _ -> null : new ProxyRoute(proxy, address));
        this.channel = (connections == null ? builder : connections.carry(builder))
                .sslContext(GrpcSslContexts.configure(tls)
                        .trustManager(trust)
                        .protocols("TLSv1.3")
                        .build())
                .overrideAuthority(PlatformTrust.CONTROLLER_NAME)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .maxInboundMessageSize(MAX_MESSAGE)
                .disableRetry()
                .build();
    }

    public AgentGatewayGrpc.AgentGatewayBlockingStub calls() {
        return AgentGatewayGrpc.newBlockingStub(channel);
    }

    /**
     * A time at which the platform's authority issued a certificate over this connection: the controller's must not have been
     * over by then.
     *
     * @throws UntrustedControllerException where it was
     */
    public void judge(Instant issued) throws UntrustedControllerException {
        Instant until = trust.goodUntil();
        if (until != null && issued.isAfter(until)) {
            throw ControllerTrust.over(until, issued);
        }
    }

    public AgentGatewayGrpc.AgentGatewayStub streams() {
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
        if (connections != null) {
            connections.close();
        }
    }
}
