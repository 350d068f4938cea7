package io.postwatch.agent.identity;

import io.postwatch.agent.identity.UntrustedControllerException.Finding;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificate of who answers as the controller: it must lead to the platform's authority, carry the name of
 * controllers, and not be over. Whoever else answers is named in an {@link UntrustedControllerException}.
 *
 * <p>A certificate that begins in the future of the given time is good: an authority issues none ahead of time, so the time is
 * behind. Safe for use by several threads.
 */
public final class ControllerTrust extends X509ExtendedTrustManager {

    /** The authorities to trust, where the chain may show which it is. */
    interface Authorities {

        /** Empty: none. */
        List<X509Certificate> trusted(List<X509Certificate> shown);
    }

    /** Asks the platform's trust manager in one of the three ways. */
    private interface Question {

        void to(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private final Authorities authorities;
    private final InstantSource judgedAt;
    private volatile @Nullable Instant goodUntil;

    ControllerTrust(Authorities authorities, InstantSource judgedAt) {
        this.authorities = authorities;
        this.judgedAt = judgedAt;
    }

    /** Until when the certificate is good that was accepted last; null: none was. */
    public @Nullable Instant goodUntil() {
        return goodUntil;
    }

    private void check(X509Certificate[] shown, String authType, Question withName) throws CertificateException {
        List<X509Certificate> chain = List.of(shown);
        List<X509Certificate> trusted = authorities.trusted(chain);
        if (trusted.isEmpty()) {
            throw Stranger.of(chain, usualRoots());
        }
        // In the moment in which all of it had begun, so that the one question left is whether it is over.
        Instant begun = chain.stream()
                .map(certificate -> certificate.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
        X509ExtendedTrustManager manager = manager(trusted, begun);
        try {
            withName.to(manager);
        } catch (CertificateException refused) {
            throw leads(manager, shown, authType) ? notOfAController(refused) : Stranger.of(chain, usualRoots());
        }
        // What comes behind a trusted one is for agents that know something older, and may be over.
        Instant until = chain.stream()
                .takeWhile(certificate -> !isOneOf(trusted, certificate))
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow(() -> new CertificateException("an authority is no controller"));
        Instant now = judgedAt.instant();
        if (now.isAfter(until)) {
            throw over(until, now);
        }
        goodUntil = until;
    }

    /** Also where another certificate is for the same root. */
    private static boolean isOneOf(List<X509Certificate> trusted, X509Certificate certificate) {
        return trusted.stream()
                .anyMatch(root -> root.equals(certificate)
                        || (root.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                                && root.getPublicKey().equals(certificate.getPublicKey())));
    }

    /** The certificate is over by a time that is known. */
    public static UntrustedControllerException over(Instant until, Instant now) {
        return new UntrustedControllerException(
                Finding.EXPIRED,
                "its certificate was good until " + until + ", and it is " + now
                        + " as far as this agent knows. A controller"
                        + " renews its certificate by itself: look at the clock of the controller's host, and of this one.");
    }

    private static UntrustedControllerException notOfAController(CertificateException refused) {
        UntrustedControllerException untrusted = new UntrustedControllerException(
                Finding.NO_CONTROLLER,
                "its certificate is the platform's, but not one of a controller (" + refused.getMessage()
                        + "). Is that the controller's port for agents?");
        untrusted.initCause(refused);
        return untrusted;
    }

    private static boolean leads(X509ExtendedTrustManager manager, X509Certificate[] shown, String authType) {
        try {
            manager.checkServerTrusted(shown, authType);
            return true;
        } catch (CertificateException foreign) {
            return false;
        }
    }

    private static X509ExtendedTrustManager manager(List<X509Certificate> trusted, Instant at)
            throws CertificateException {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    trusted.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()),
                    new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return extended(factory);
        } catch (GeneralSecurityException unusable) {
            throw new CertificateException(unusable);
        }
    }

    private static List<X509Certificate> usualRoots() throws CertificateException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return List.of(extended(factory).getAcceptedIssuers());
        } catch (GeneralSecurityException unusable) {
            throw new CertificateException(unusable);
        }
    }

    private static X509ExtendedTrustManager extended(TrustManagerFactory factory) throws GeneralSecurityException {
        return Stream.<TrustManager>of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this Java platform has no extended trust manager"));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, manager -> manager.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType, manager -> manager.checkServerTrusted(chain, authType, socket));
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
