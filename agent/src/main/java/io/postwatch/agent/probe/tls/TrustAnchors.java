package io.postwatch.agent.probe.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that chains must lead to: the JDK's roots and those that this agent's owner adds. */
public final class TrustAnchors {

    private final Set<X509Certificate> certificates;

    private TrustAnchors(Collection<X509Certificate> certificates) {
        this.certificates = Set.copyOf(certificates);
    }

    /** The JDK's default roots and these. */
    public static TrustAnchors systemAnd(Collection<X509Certificate> extra) {
        Set<X509Certificate> all = new HashSet<>(extra);
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            @Nullable KeyStore systemDefault = null;
            factory.init(systemDefault);
            Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .forEach(all::add);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's own roots can't be read", e);
        }
        return new TrustAnchors(all);
    }

    Set<X509Certificate> certificates() {
        return certificates;
    }
}
