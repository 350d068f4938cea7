package io.postwatch.controller.gateway;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSsl;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.ServerIdentities;
import io.postwatch.controller.enrolment.ServerIdentity;
import io.postwatch.controller.shared.NanoTicker;
import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the agents' port: the controller's changing certificate, and client certificates of the platform's roots. Spoken by
 * the BoringSSL that gRPC brings, for which ADR 0010 has the figures, and by the JDK where it can't be loaded.
 */
final class ServerTls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private ServerTls() {}

    /** Who speaks it in this process. */
    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    static SslContext context(ServerIdentities identities, CertificateAuthority authority, NanoTicker ticker) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(new Keys(identities))
                    .trustManager(new ClientTrust(authority::roots, ticker))
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols(PROTOCOLS);
            return GrpcSslContexts.configure(builder, provider()).build();
        } catch (IOException e) {
            throw new IllegalStateException("TLS for agents can't be set up", e);
        }
    }

    /** Asks for the certificate at every handshake, so that a new one needs no restart. An alias is the name of an identity. */
    private static final class Keys extends X509ExtendedKeyManager {
        private final ServerIdentities identities;

        Keys(ServerIdentities identities) {
            this.identities = identities;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return serves(keyType) ? identities.current().name() : null;
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
            return serves(keyType) ? identities.current().name() : null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return serves(keyType) ? new String[] {identities.current().name()} : null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return identities
                    .named(alias)
                    .map(identity -> identity.chain().toArray(X509Certificate[]::new))
                    .orElse(null);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return identities.named(alias).map(ServerIdentity::key).orElse(null);
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        private static boolean serves(String keyType) {
            return keyType.startsWith("EC");
        }
    }
}
