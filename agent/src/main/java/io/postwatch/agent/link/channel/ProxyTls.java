package io.postwatch.agent.link.channel;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A proxy that is spoken to in TLS, around the agent's own TLS with the controller.
 *
 * @param extraAuthorities to trust in the proxy's certificate, besides those of Java; never in a controller's
 */
public record ProxyTls(List<X509Certificate> extraAuthorities) {

    public ProxyTls {
        extraAuthorities = List.copyOf(extraAuthorities);
    }

    SslContext context() throws SSLException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int count = 0;
            for (X509Certificate authority :
                    Stream.concat(usualAuthorities(), extraAuthorities.stream()).toList()) {
                trusted.setCertificateEntry("authority-" + count, authority);
                count++;
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            return SslContextBuilder.forClient()
                    .trustManager(trust)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (GeneralSecurityException | IOException unusable) {
            throw new SSLException("the proxy's authorities can't be used", unusable);
        }
    }

    private static Stream<X509Certificate> usualAuthorities() throws GeneralSecurityException {
        TrustManagerFactory usual = TrustManagerFactory.getInstance("PKIX");
        usual.init((KeyStore) null);
        return Stream.of(usual.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .flatMap(manager -> Stream.of(manager.getAcceptedIssuers()));
    }
}
