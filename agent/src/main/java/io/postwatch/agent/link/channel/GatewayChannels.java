package io.postwatch.agent.link.channel;

import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.PlatformTrust;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections to a controller: directly, or through the proxy that this host's operator named. What else Java and
 * the environment say about proxies is not asked. Safe for use by several threads.
 */
public final class GatewayChannels {

    private final @Nullable ControllerProxy proxy;

    /**
     * Connects to nothing yet.
     *
     * @param proxy null: directly
     */
    public GatewayChannels(@Nullable ControllerProxy proxy) {
        this.proxy = proxy;
    }

    /** As a host that has nothing but a token. */
    public GatewayChannel forEnrolment(ControllerAddress address, EnrolmentToken token) throws SSLException {
        return open(address, trusting(PlatformTrust.byToken(token)));
    }

    /** As an enrolled agent. */
    public GatewayChannel forSession(Credentials credentials) throws GeneralSecurityException, SSLException {
        return open(
                credentials.controller(),
                trusting(PlatformTrust.pinnedTo(credentials.roots()))
                        .keyManager(credentials.key(), credentials.chain().toArray(new X509Certificate[0])));
    }

    /** As an agent whose certificate may have expired: it shows none. */
    public GatewayChannel forRenewal(Credentials credentials) throws GeneralSecurityException, SSLException {
        return open(credentials.controller(), trusting(PlatformTrust.pinnedTo(credentials.roots())));
    }

    /** A sentence about a failed call, which says what to do where that is known. */
    public String reason(Status status) {
        return ConnectionFailure.sentence(status, proxy);
    }

    /** Whether somebody else answered than the platform's controllers. */
    public static boolean isForeignAuthority(Status status) {
        return ConnectionFailure.isForeignAuthority(status);
    }

    private static SslContextBuilder trusting(TrustManager trust) {
        return GrpcSslContexts.forClient().trustManager(trust);
    }

    private GatewayChannel open(ControllerAddress address, SslContextBuilder tls) throws SSLException {
        // Without a detector of ours gRPC would follow Java's system properties.
        return new GatewayChannel(address, tls, proxy == null ? _ -> null : new ProxyRoute(proxy, address));
    }
}
