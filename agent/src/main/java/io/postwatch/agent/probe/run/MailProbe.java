package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.imap.ImapDialogue;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Connector;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.pop3.Pop3Dialogue;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.WireForms;
import io.postwatch.agent.probe.smtp.SmtpDialogue;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.tls.JdkTls;
import io.postwatch.agent.probe.tls.TlsClient;
import io.postwatch.agent.probe.tls.TlsLibrary;
import io.postwatch.agent.probe.tls.TrustAnchors;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The prober over real sockets. One instance serves all runs of an agent, many at once; each run blocks the thread that
 * calls it, which should be a virtual one, and leaves nothing behind.
 */
public final class MailProbe implements Probe {

    private static final System.Logger LOG = System.getLogger(MailProbe.class.getName());

    private static final int LOGGED_FRAMES = 12;

    private final MailHost ehloName;
    private final NanoTicker ticker;
    private final Connector connector;
    private final TlsClient tls;

    /**
     * Makes a prober.
     *
     * @param policy which addresses it may connect to
     * @param ehloName the name, or address, with which it introduces itself to SMTP servers
     * @param clock wall time, by which certificates are judged
     * @param ticker the monotonic clock, by which everything else is timed
     * @param extraAnchors authorities to trust besides the JDK's own
     */
    public MailProbe(
            AddressPolicy policy,
            MailHost ehloName,
            InstantSource clock,
            NanoTicker ticker,
            Collection<X509Certificate> extraAnchors) {
        this(NameLookup.ofThisMachine(ticker), policy, ehloName, clock, ticker, extraAnchors);
    }

    /** As the first one, with another way to find the addresses of names. */
    public MailProbe(
            NameLookup names,
            AddressPolicy policy,
            MailHost ehloName,
            InstantSource clock,
            NanoTicker ticker,
            Collection<X509Certificate> extraAnchors) {
        this(names, policy, ehloName, clock, ticker, extraAnchors, new JdkTls());
    }

    /** As the first one, with another way to find the addresses of names, and another library for TLS than the JDK's. */
    public MailProbe(
            NameLookup names,
            AddressPolicy policy,
            MailHost ehloName,
            InstantSource clock,
            NanoTicker ticker,
            Collection<X509Certificate> extraAnchors,
            TlsLibrary library) {
        this.ehloName = ehloName;
        this.ticker = ticker;
        this.connector = new Connector(names, policy);
        this.tls = new TlsClient(library, TrustAnchors.systemAnd(extraAnchors), clock, ticker);
    }

    @Override
    public ProbeResult run(ProbeRequest request, Deadline deadline) {
        RunRecorder recorder = new RunRecorder(ticker);
        Login login = request.login();
        if (login != null) {
            WireForms.ofSecret(login).forEach(recorder::hide);
        }
        TlsClient.Choice choice = tls.choose(request.target());
        Failure failure = attempt(request, choice, deadline, recorder);
        if (failure != null && choice.mayBeToBlame()) {
            recorder.beginAgain("Once more, with another TLS library: " + failure.message());
            failure = attempt(request, tls.chooseLast(), deadline, recorder);
        }
        recorder.end();
        return RunVerdict.resultOf(request, recorder, failure);
    }

    private @Nullable Failure attempt(
            ProbeRequest request, TlsClient.Choice choice, Deadline deadline, RunRecorder recorder) {
        Failure failure;
        try (Connection connection = connector.connect(request.target(), request.runNumber(), deadline, recorder)) {
            failure = converse(request, choice, connection, deadline, recorder);
        } catch (RunFailure stopped) {
            failure = failureOf(stopped, recorder);
        } catch (RuntimeException e) {
            // A result is owed whatever happens; what a server sent must not decide what the message says, nor the log.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The prober failed: {0} in {1}",
                    e.getClass().getName(),
                    framesOf(e));
            failure = new Failure(
                    FailureCode.INTERNAL_ERROR,
                    recorder.phase(),
                    "The prober failed: " + e.getClass().getSimpleName() + ".",
                    "");
        }
        return failure;
    }

    private @Nullable Failure converse(
            ProbeRequest request,
            TlsClient.Choice choice,
            Connection connection,
            Deadline deadline,
            RunRecorder recorder) {
        DialogueWalk.Step handshake =
                () -> tls.secure(connection, request.target(), choice, request.certificatePolicy(), deadline, recorder);
        Dialogue dialogue = switch (request) {
            case SmtpRequest smtp -> new SmtpDialogue(smtp, ehloName, connection, recorder);
            case ImapRequest imap -> new ImapDialogue(imap, connection, recorder);
            case Pop3Request _ -> new Pop3Dialogue(connection, recorder);
        };
        Failure failure = null;
        try {
            new DialogueWalk(request, dialogue, connection, handshake, recorder).walk();
        } catch (RunFailure stopped) {
            failure = failureOf(stopped, recorder);
        }
        recorder.end();
        sayGoodbye(dialogue, connection, recorder);
        return failure;
    }

    private static void sayGoodbye(Dialogue dialogue, Connection connection, RunRecorder recorder) {
        if (connection.isUsable()) {
            recorder.begin(Phase.QUIT);
            connection.courtesy("the good-bye", dialogue::sayGoodbye);
            recorder.end();
        }
    }

    private static String framesOf(RuntimeException e) {
        return Stream.of(e.getStackTrace())
                .limit(LOGGED_FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(", "));
    }

    private static Failure failureOf(RunFailure stopped, RunRecorder recorder) {
        return new Failure(
                stopped.code(),
                recorder.phase(),
                stopped.message(),
                recorder.shown(stopped.serverReply(), ServerText.MAX_REPLY));
    }
}
