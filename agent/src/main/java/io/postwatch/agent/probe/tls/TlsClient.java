package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.Target;
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
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on a connection, then judges whom it talks to. Called by many runs at once; handshakes share nothing that a
 * session could be resumed from, so that each is a full one.
 *
 * <p>Libraries differ in the algorithms they know, and a server is not to be blamed for that: a target with which the
 * preferred one does not get on is remembered, and left to the JDK's for an hour.
 */
public final class TlsClient {

    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(10);

    /** For the chain of a handshake that failed, even where the run's time is over. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final TlsLibrary preferred;
    private final TlsLibrary fallback = new JdkTls();
    private final TargetMemory leftToFallback;
    private final ChainRoom room = new ChainRoom();
    private final ChainJudge judge;
    private final InstantSource clock;
    private final NanoTicker ticker;

    public TlsClient(TlsLibrary preferred, TrustAnchors anchors, InstantSource clock, NanoTicker ticker) {
        this.preferred = preferred;
        this.leftToFallback = new TargetMemory(ticker);
        this.judge = new ChainJudge(anchors);
        this.clock = clock;
        this.ticker = ticker;
    }

    /** By which library one attempt at a target speaks TLS. Used by the run's thread. */
    public static final class Choice {

        private final TlsLibrary library;
        private final boolean last;
        private boolean failed;

        private Choice(TlsLibrary library, boolean last) {
            this.library = library;
            this.last = last;
        }

        /** Whether the handshake of this attempt failed in a way that may be the library's. */
        public boolean mayBeToBlame() {
            return failed;
        }
    }

    /** For the first attempt of a run. */
    public Choice choose(Target target) {
        return preferred instanceof JdkTls || leftToFallback.contains(target)
                ? chooseLast()
                : new Choice(preferred, false);
    }

    /** For another attempt, after which there is no further. */
    public Choice chooseLast() {
        return new Choice(fallback, true);
    }

    /**
     * Phase tls: the handshake; its chain is judged after the phase. A bad chain is no failure of the handshake: it is in
     * the recorder's findings, and {@link Connection#protection} tells whether credentials may travel.
     */
    public void secure(
            Connection connection,
            Target target,
            Choice choice,
            CertificatePolicy policy,
            Deadline deadline,
            RunRecorder recorder)
            throws RunFailure {
        recorder.begin(Phase.TLS);
        MailHost host = target.host();
        Duration limit = min(HANDSHAKE_LIMIT, deadline.remaining());
        if (limit.isZero()) {
            throw timeout(deadline);
        }
        TlsLibrary library = choice.library;
        ChainCapture capture = new ChainCapture(room);
        TlsStream stream = connection.secured(
                (in, out) -> new TlsStream(library, opened(library, policy.serverNameFor(host)), capture, in, out));
        try (Deadline handshake = Deadline.after(limit, ticker)) {
            Deadline.Registration watch = handshake.register(connection.socket()::close);
            try {
                ScopedValue.where(ChainCapture.CURRENT, capture).call(stream::handshake);
                SSLSession session = stream.session();
                countSent(capture, session);
                recorder.tls(new TlsFindings(session.getProtocol(), session.getCipherSuite()));
                recorder.note("TLS is up: " + session.getProtocol() + ", " + session.getCipherSuite() + ".");
                // From here on nothing is closed any more; if it has been, the time is over.
                watch.close();
                if (handshake.isPassed()) {
                    connection.abandon();
                    throw timeout(deadline);
                }
            } catch (IOException e) {
                connection.abandon();
                boolean late = handshake.isPassed() || deadline.isPassed() || IoFailures.isCancelled(deadline);
                judgeAfterFailure(capture, target, policy, deadline, recorder);
                if (late) {
                    throw timeout(deadline);
                }
                RunFailure failure = HandshakeFailures.of(e, library, stream.records(), capture);
                if (!choice.last && HandshakeFailures.mayBeTheLibrarys(e, failure, stream.records(), capture)) {
                    choice.failed = true;
                    leftToFallback.add(target);
                }
                throw failure;
            }
        }
        recorder.end();
        try {
            connection.judged(judge(capture, target, policy, deadline, recorder, deadline.remaining()));
            if (deadline.isPassed()) {
                // The handshake was in time: what took the rest was the judging.
                throw noTimeToJudge(deadline);
            }
        } catch (RunFailure noTime) {
            // Before the greeting there is no good-bye either.
            connection.abandon();
            throw noTime;
        }
    }

    /** What the handshake failed of stays what the run is told of. */
    private void judgeAfterFailure(
            ChainCapture capture, Target target, CertificatePolicy policy, Deadline deadline, RunRecorder recorder) {
        try {
            Duration left = deadline.remaining();
            judge(
                    capture,
                    target,
                    policy,
                    deadline,
                    recorder,
                    left.compareTo(AFTER_FAILURE) < 0 ? AFTER_FAILURE : left);
        } catch (RunFailure noTime) {
            recorder.note(noTime.message());
        }
    }

    /** Netty's engine shows no more than ten certificates while the handshake goes on, however many there are. */
    private static void countSent(ChainCapture capture, SSLSession session) throws SSLException {
        if (capture.chain().size() == ChainCapture.MAX_CERTIFICATES) {
            try {
                capture.countSent(session.getPeerCertificates().length);
            } catch (CertificateException e) {
                throw new SSLException(e.getMessage(), e);
            }
        }
    }

    private static SSLEngine opened(TlsLibrary library, @Nullable MailHost serverName) {
        List<SNIServerName> names = serverName == null ? List.of() : List.of(new SNIHostName(serverName.text()));
        SSLEngine engine = library.open();
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(names);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private Connection.Protection judge(
            ChainCapture capture,
            Target target,
            CertificatePolicy policy,
            Deadline deadline,
            RunRecorder recorder,
            Duration patience)
            throws RunFailure {
        if (capture.chain().isEmpty()) {
            return Connection.Protection.UNTRUSTED;
        }
        CertificateFindings findings;
        try {
            findings = judge.judge(capture.chain(), target, policy, clock.instant(), patience);
        } catch (RejectedExecutionException e) {
            throw noTimeToJudge(deadline);
        }
        recorder.certificate(findings);
        findings.verdicts().forEach(verdict -> recorder.note(verdict.message()));
        boolean good = findings.verdicts().stream().allMatch(verdict -> verdict.code() == FailureCode.EXPIRES_SOON);
        return good ? Connection.Protection.TRUSTED : Connection.Protection.UNTRUSTED;
    }

    private static RunFailure noTimeToJudge(Deadline deadline) {
        return IoFailures.isCancelled(deadline)
                ? IoFailures.cancelled()
                : new RunFailure(FailureCode.OVERLOADED, "This agent had no time to judge the server's certificates.");
    }

    private static RunFailure timeout(Deadline deadline) {
        return IoFailures.isCancelled(deadline)
                ? IoFailures.cancelled()
                : new RunFailure(FailureCode.HANDSHAKE_TIMEOUT, "The server did not finish the TLS handshake in time.");
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
