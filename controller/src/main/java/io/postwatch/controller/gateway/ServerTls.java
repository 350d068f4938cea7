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
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the agents' port: the controller's changing certificate, and client certificates of the platform's root. Spoken by
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
                    .trustManager(new ClientTrust(trust(authority), ticker))
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols(PROTOCOLS);
            return GrpcSslContexts.configure(builder, provider()).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS for agents can't be set up", e);
        }
    }

    private static X509ExtendedTrustManager trust(CertificateAuthority authority)
            throws GeneralSecurityException, IOException {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        int number = 0;
        for (X509Certificate root : authority.roots()) {
            roots.setCertificateEntry("root-" + number++, root);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(roots);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("Nothing here judges certificates");
    }

    /** Asks for the certificate at every handshake, so that a new one needs no restart. */
    private static final class Keys extends X509ExtendedKeyManager {
        private static final String ALIAS = "controller";

        private final ServerIdentities identities;

        Keys(ServerIdentities identities) {
            this.identities = identities;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return serves(keyType) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
            return serves(keyType) ? ALIAS : null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return serves(keyType) ? new String[] {ALIAS} : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identities.current().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            ServerIdentity current = identities.current();
            return current.key();
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
