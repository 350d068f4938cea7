package io.postwatch.agent.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom an agent believes to be its controller: the platform's own CA, and nobody else's. */
public final class PlatformTrust {

    /** The DNS name in every controller's certificate, whatever address an agent reaches it by. */
    public static final String CONTROLLER_NAME = "postwatch-controller";

    private PlatformTrust() {}

    /** Trust of an enrolled agent: chains to these roots, with the usual checks of name and validity. */
    public static X509ExtendedTrustManager pinnedTo(List<X509Certificate> roots) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException("an empty key store can't be made", impossible);
        }
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root-" + i, roots.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this Java platform has no extended trust manager");
    }

    /**
     * Trust of a host that has nothing but a token: the chain must contain a CA whose key has the token's hash, and must
     * lead to it. The controller therefore sends its root too.
     */
    public static X509ExtendedTrustManager byToken(EnrolmentToken token) {
        return new ByKeyHash(token.authorityKeyHash());
    }

    /** Whether the key of this certificate is the one the token names. */
    public static boolean hasKeyOf(X509Certificate certificate, EnrolmentToken token) {
        return hasKey(certificate, token.authorityKeyHash());
    }

    private static boolean hasKey(X509Certificate certificate, byte[] hash) {
        return MessageDigest.isEqual(Digests.sha256(certificate.getPublicKey().getEncoded()), hash);
    }

    private static final class ByKeyHash extends X509ExtendedTrustManager {

        private final byte[] keyHash;

        private ByKeyHash(byte[] keyHash) {
            this.keyHash = keyHash;
        }

        private X509ExtendedTrustManager authorityIn(X509Certificate[] chain) throws CertificateException {
            X509Certificate authority = Stream.of(chain)
                    .filter(certificate -> hasKey(certificate, keyHash))
                    .findFirst()
                    .orElseThrow(() -> new CertificateException(
                            "the server's chain doesn't contain the platform CA that the enrolment token names"));
            try {
                return pinnedTo(List.of(authority));
            } catch (GeneralSecurityException unusable) {
                throw new CertificateException(unusable);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            authorityIn(chain).checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            authorityIn(chain).checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("a controller is only trusted together with its name");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("an agent has no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("an agent has no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("an agent has no clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
