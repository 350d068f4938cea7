package io.postwatch.agent.probe.tls;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Keeps the chain of one handshake and lets the handshake go on whatever it is worth: {@link ChainJudge} judges it
 * afterwards, and a connection judged bad carries no credentials.
 *
 * <p>Refuses only what would cost this agent too much: more than {@value #MAX_CERTIFICATES} certificates, one of more
 * than {@value #MAX_BYTES} bytes, a chain for which there is no {@link ChainRoom}, or a key with which
 * {@link CertificateCost} checks nothing.
 *
 * <p>Used by the thread of the run only.
 */
public final class ChainCapture {

    static final int MAX_CERTIFICATES = 10;
    static final int MAX_BYTES = 16 * 1024;

    /** The message that holds a chain at these bounds, with room for what stands between and behind the certificates. */
    public static final int MAX_MESSAGE_BYTES = MAX_CERTIFICATES * MAX_BYTES + 8 * 1024;

    /** All handshakes share one trust manager; a library asks it in the thread that runs the handshake. */
    static final ScopedValue<ChainCapture> CURRENT = ScopedValue.newInstance();

    private static final X509ExtendedTrustManager TRUST_MANAGER = new Capturing();

    private List<X509Certificate> chain = List.of();
    private final ChainRoom room;
    private String refusal = "";
    private boolean crowded;
    private int taken;

    ChainCapture(ChainRoom room) {
        this.room = room;
    }

    /** What a {@link TlsLibrary} asks about a server's chain. */
    public static X509ExtendedTrustManager trustManager() {
        return TRUST_MANAGER;
    }

    /** Leaf first; empty where the server sent none. */
    List<X509Certificate> chain() {
        return chain;
    }

    /** Whether the handshake was ended because of what the chain would cost. */
    boolean isRefused() {
        return !refusal.isEmpty();
    }

    /** What the chain has that costs too much; empty where it was not refused. */
    String refusal() {
        return refusal;
    }

    /** Whether it was refused because of what other runs keep at the moment. */
    boolean isCrowdedOut() {
        return crowded;
    }

    /**
     * Refuses a chain of which a library shows no more than it takes itself.
     *
     * @param sent how many certificates the server really sent
     */
    void countSent(int sent) throws CertificateException {
        if (sent > MAX_CERTIFICATES) {
            chain = List.of();
            throw refused("more than " + MAX_CERTIFICATES + " certificates");
        }
    }

    /** The connection is over, and with it what its library keeps of the chain. */
    void leave() {
        room.leave(taken);
        taken = 0;
    }

    private void capture(X509Certificate[] sent) throws CertificateException {
        countSent(sent.length);
        int bytes = 0;
        List<X509Certificate> own = new ArrayList<>(sent.length);
        for (X509Certificate certificate : sent) {
            byte[] encoded = certificate.getEncoded();
            if (encoded.length > MAX_BYTES) {
                throw refused("a certificate of more than " + MAX_BYTES + " bytes");
            }
            own.add(parsed(encoded));
            bytes += encoded.length;
        }
        if (!room.take(bytes)) {
            crowded = true;
            throw refused("a large chain");
        }
        taken += bytes > ChainRoom.ALWAYS ? bytes : 0;
        chain = List.copyOf(own);
        for (X509Certificate certificate : own) {
            String excess = CertificateCost.ofKey(certificate);
            if (excess != null) {
                throw refused(excess);
            }
        }
    }

    /** Whatever class the library has for certificates, the JDK's is what its PKIX takes; it remembers recent ones. */
    private static X509Certificate parsed(byte[] encoded) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private CertificateException refused(String why) {
        refusal = why;
        return new CertificateException(why);
    }

    /** Extended, so that the JDK adds no checks of its own. */
    private static final class Capturing extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String authType) throws CertificateException {
            if (!CURRENT.isBound()) {
                throw new CertificateException("no handshake is under way");
            }
            CURRENT.get().capture(sent);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(sent, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(sent, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String authType) throws CertificateException {
            throw new CertificateException("this side is the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(sent, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(sent, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
