package io.postwatch.controller.gateway;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.NanoTicker;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges client certificates as the one behind it does, and says on the log whom it refused: TLS itself says next to nothing. */
final class ClientTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTrust.class);

    private final X509ExtendedTrustManager roots;
    private final NanoTicker ticker;
    private final LogBudget complaints = new LogBudget();

    ClientTrust(X509ExtendedTrustManager roots, NanoTicker ticker) {
        this.roots = roots;
        this.ticker = ticker;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void judge(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
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
        judge(chain, () -> roots.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge(chain, () -> roots.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge(chain, () -> roots.checkClientTrusted(chain, type));
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
        return roots.getAcceptedIssuers();
    }
}
