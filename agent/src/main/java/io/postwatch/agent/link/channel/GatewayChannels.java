package io.postwatch.agent.link.channel;

import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.ControllerTrust;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.identity.UntrustedControllerException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
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
        return open(address, PlatformTrust.byToken(token), GrpcSslContexts.forClient());
    }

    /**
     * As an enrolled agent.
     *
     * @param judgedAt the time by which the controller's certificate may be over
     */
    public GatewayChannel forSession(Credentials credentials, InstantSource judgedAt) throws SSLException {
        return open(
                credentials.controller(),
                PlatformTrust.pinnedTo(credentials.roots(), judgedAt),
                GrpcSslContexts.forClient()
                        .keyManager(credentials.key(), credentials.chain().toArray(new X509Certificate[0])));
    }

    /** As an agent whose certificate may have expired: it shows none. */
    public GatewayChannel forRenewal(Credentials credentials, InstantSource judgedAt) throws SSLException {
        return open(
                credentials.controller(),
                PlatformTrust.pinnedTo(credentials.roots(), judgedAt),
                GrpcSslContexts.forClient());
    }

    /** A sentence about a failed call, which says what to do where that is known. */
    public String reason(Status status) {
        return ConnectionFailure.sentence(status, proxy);
    }

    /** What the certificate of who answered tells, where that was why the call failed. */
    public static Optional<UntrustedControllerException.Finding> finding(Status status) {
        return ConnectionFailure.untrusted(status).map(UntrustedControllerException::finding);
    }

    private GatewayChannel open(ControllerAddress address, ControllerTrust trust, SslContextBuilder tls)
            throws SSLException {
        return new GatewayChannel(address, trust, tls, proxy);
    }
}
