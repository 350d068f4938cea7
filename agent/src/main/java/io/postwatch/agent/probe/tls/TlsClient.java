package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.TlsFindings;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.IoFailures;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.time.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Puts TLS on a connection, then judges whom it talks to. Called by many runs at once; handshakes share nothing, so that
 * each is a full one.
 */
public final class TlsClient {

    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    private final ChainJudge judge;
    private final InstantSource clock;
    private final NanoTicker ticker;

    public TlsClient(TrustAnchors anchors, InstantSource clock, NanoTicker ticker) {
        this.judge = new ChainJudge(anchors);
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Phase tls: handshake and judgement. A bad chain is no failure of the handshake: it is in the recorder's findings,
     * and {@link Connection#protection} tells whether credentials may travel.
     */
    public void secure(
            Connection connection, MailHost host, CertificatePolicy policy, Deadline deadline, RunRecorder recorder)
            throws RunFailure {
        recorder.begin(Phase.TLS);
        ChainCapture capture = new ChainCapture();
        Duration limit = min(HANDSHAKE_LIMIT, deadline.remaining());
        if (limit.isZero()) {
            throw timeout(deadline);
        }
        try (Deadline handshake = Deadline.after(limit, ticker)) {
            Deadline.Registration watch = handshake.register(connection.socket()::close);
            try {
                SSLSocket tls = handshake(connection, host, capture);
                SSLSession session = tls.getSession();
                recorder.tls(new TlsFindings(session.getProtocol(), session.getCipherSuite()));
                recorder.note("TLS is up: " + session.getProtocol() + ", " + session.getCipherSuite() + ".");
                Connection.Protection protection = judge(capture, host, policy, recorder);
                // From here on nothing is closed any more; if it has been, the time is over.
                watch.close();
                if (handshake.isPassed()) {
                    connection.abandon();
                    throw timeout(deadline);
                }
                connection.secured(tls, protection);
            } catch (IOException e) {
                connection.abandon();
                boolean late = handshake.isPassed() || deadline.isPassed() || IoFailures.isCancelled(deadline);
                judge(capture, host, policy, recorder);
                if (late) {
                    throw timeout(deadline);
                }
                throw failed(e, !capture.chain().isEmpty());
            }
        }
        recorder.end();
    }

    private static SSLSocket handshake(Connection connection, MailHost host, ChainCapture capture) throws IOException {
        SSLSocket tls =
                (SSLSocket) context(capture).getSocketFactory().createSocket(connection.socket(), null, -1, true);
        tls.setUseClientMode(true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(host.literal() == null ? List.of(new SNIHostName(host.text())) : List.of());
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static SSLContext context(ChainCapture capture) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {capture}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private Connection.Protection judge(
            ChainCapture capture, MailHost host, CertificatePolicy policy, RunRecorder recorder) {
        if (capture.chain().isEmpty()) {
            return Connection.Protection.UNTRUSTED;
        }
        CertificateFindings findings = judge.judge(capture.chain(), host, policy, clock.instant());
        recorder.certificate(findings);
        findings.verdicts().forEach(verdict -> recorder.note(verdict.message()));
        boolean good = findings.verdicts().stream().allMatch(verdict -> verdict.code() == FailureCode.EXPIRES_SOON);
        return good ? Connection.Protection.TRUSTED : Connection.Protection.UNTRUSTED;
    }

    private static RunFailure timeout(Deadline deadline) {
        return IoFailures.isCancelled(deadline)
                ? IoFailures.cancelled()
                : new RunFailure(FailureCode.HANDSHAKE_TIMEOUT, "The server did not finish the TLS handshake in time.");
    }

    /** The JDK tells most reasons in words only. */
    private static RunFailure failed(IOException e, boolean chainSeen) {
        String alert = IoFailures.alertOf(e);
        if (alert != null) {
            return ofAlert(alert, chainSeen);
        }
        // The JDK puts the alert it answers with in front.
        String message = String.valueOf(e.getMessage()).replaceFirst("^\\([a-z_]+\\) ", "");
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("protocol version") || lower.contains("protocol is disabled")) {
            return new RunFailure(
                    FailureCode.PROTOCOL_VERSION, "The server speaks no version of TLS that is safe: " + message);
        }
        if (lower.contains("cipher suite") || lower.contains("ciphersuite")) {
            return new RunFailure(FailureCode.NO_COMMON_CIPHER, "The server chose a cipher suite nobody offered.");
        }
        if (lower.contains("unsupported or unrecognized ssl message") || lower.contains("plaintext connection")) {
            return new RunFailure(FailureCode.HANDSHAKE_FAILED, "The server answered with something that is not TLS.");
        }
        if (isReset(e)) {
            return new RunFailure(FailureCode.CONNECTION_RESET, "The connection was reset during the TLS handshake.");
        }
        if (e instanceof EOFException || e.getCause() instanceof EOFException || lower.contains("terminated")) {
            return new RunFailure(
                    FailureCode.HANDSHAKE_FAILED, "The server closed the connection during the TLS handshake.");
        }
        return new RunFailure(FailureCode.HANDSHAKE_FAILED, "The TLS handshake failed: " + message);
    }

    private static boolean isReset(IOException e) {
        return e instanceof SocketException || (e instanceof SSLException && e.getCause() instanceof SocketException);
    }

    private static RunFailure ofAlert(String alert, boolean chainSeen) {
        if (alert.equals("protocol_version")) {
            return new RunFailure(FailureCode.PROTOCOL_VERSION, "The server accepts no version of TLS that is safe.");
        }
        // RFC 8446, section 4.1.1: what a server sends that finds nothing in common in the offer. After its
        // certificate the same alert means something else, for example a missing client certificate.
        if (!chainSeen && Set.of("handshake_failure", "insufficient_security").contains(alert)) {
            return new RunFailure(
                    FailureCode.NO_COMMON_CIPHER, "The server found no cipher suite that both sides accept.");
        }
        return new RunFailure(FailureCode.ALERT, "The server refused TLS with the alert " + alert + ".");
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
