package io.postwatch.controller.gateway;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.NanoTicker;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges client certificates by the roots of that moment, and says on the log whom it refused: TLS itself says next to nothing.
 */
final class ClientTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTrust.class);

    private final Supplier<List<X509Certificate>> roots;
    private final NanoTicker ticker;
    private final LogBudget complaints = new LogBudget();
    private volatile @Nullable Judge latest;

    ClientTrust(Supplier<List<X509Certificate>> roots, NanoTicker ticker) {
        this.roots = roots;
        this.ticker = ticker;
    }

    private record Judge(List<X509Certificate> roots, X509ExtendedTrustManager manager) {}

    private interface Check {
        void run(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private X509ExtendedTrustManager manager() throws CertificateException {
        List<X509Certificate> trusted = roots.get();
        Judge judge = latest;
        if (judge == null || !judge.roots().equals(trusted)) {
            judge = new Judge(trusted, trusting(trusted));
            latest = judge;
        }
        return judge.manager();
    }

    private static X509ExtendedTrustManager trusting(List<X509Certificate> trusted) throws CertificateException {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            for (X509Certificate root : trusted) {
                anchors.setCertificateEntry("root-" + anchors.size(), root);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(anchors);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new CertificateException("Nothing here judges certificates");
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("The platform's roots can't be trusted", e);
        }
    }

    private void judge(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run(manager());
        } catch (CertificateException refused) {
            complaints.spend(ticker.nanos(), more -> LOG.info("{}{}", sentence(chain, refused), more));
            throw refused;
        }
    }

    private static String sentence(X509Certificate[] chain, CertificateException refused) {
        if (chain.length == 0) {
            return "Somebody showed no client certificate where one was asked for";
        }
        X509Certificate leaf = chain[0];
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return AgentCertificate.of(leaf)
                                .map(known -> "Agent " + known.agent())
                                .orElse("Somebody")
                        + " showed a certificate that expired at "
                        + leaf.getNotAfter().toInstant() + " and has to renew it first";
            }
        }
        return "Somebody showed a client certificate that is not of this platform: an agent of another one?";
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge(chain, manager -> manager.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge(chain, manager -> manager.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge(chain, manager -> manager.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("Nobody is called from here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("Nobody is called from here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("Nobody is called from here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        try {
            return manager().getAcceptedIssuers();
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }
}
