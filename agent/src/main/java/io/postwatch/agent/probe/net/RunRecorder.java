package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.TlsFindings;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one run finds, with times from the run's start on one monotonic clock. Used by the thread of the run
 * only.
 */
public final class RunRecorder {

    /** In bytes of UTF-8; so is the capability below. */
    static final int MAX_LINE = 1024;

    private static final int MAX_GREETING_LINES = 20;

    /** In bytes, of all its lines. */
    private static final int MAX_GREETING = 4 * 1024;

    private static final int MAX_CAPABILITIES = 100;
    private static final int MAX_CAPABILITY = 256;
    private static final String HIDDEN = "[hidden]";

    /** In characters. What is shorter is not looked for in what servers say: the gaps would tell it. */
    private static final int MIN_SECRET = 4;

    private final NanoTicker ticker;
    private final long start;
    private final List<PhaseTiming> phases = new ArrayList<>();
    private final BoundedTranscript transcript = new BoundedTranscript();
    private final List<ConnectAttempt> attempts = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private @Nullable Resolution resolved;
    private @Nullable InetAddress remoteAddress;
    private @Nullable TlsFindings tls;
    private @Nullable CertificateFindings certificate;
    private @Nullable AuthMechanism authMechanism;
    private List<String> capabilities = List.of();
    private final List<String> greetingLines = new ArrayList<>();
    private String greeting = "";
    private int greetingBytes;
    private @Nullable Phase phase;
    private Duration phaseStart = Duration.ZERO;
    private boolean toldOfBareLf;
    private boolean secretIsShort;
    private boolean secretMayBeKnown;

    /** Starts the run's clock. */
    public RunRecorder(NanoTicker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanos();
    }

    /** The time since the run began. */
    public Duration elapsed() {
        return Duration.ofNanos(Math.max(0, ticker.nanos() - start));
    }

    /** A deadline by this run's clock. */
    Deadline deadlineIn(Duration limit) {
        return Deadline.after(limit, ticker);
    }

    /** Begins a phase; the one before ends where it had not. */
    public void begin(Phase next) {
        end();
        phase = next;
        secretMayBeKnown |= next == Phase.AUTH;
        phaseStart = elapsed();
    }

    /** Ends the phase that is under way, if there is one. */
    public void end() {
        if (phase != null) {
            phases.add(new PhaseTiming(phase, phaseStart, elapsed().minus(phaseStart)));
            phase = null;
        }
    }

    /** Forgets what an attempt found, of which only the transcript tells from now on. The run's clock goes on. */
    public void beginAgain(String why) {
        end();
        phases.clear();
        attempts.clear();
        resolved = null;
        remoteAddress = null;
        tls = null;
        certificate = null;
        authMechanism = null;
        capabilities = List.of();
        greetingLines.clear();
        greeting = "";
        greetingBytes = 0;
        note(why);
    }

    /** The phase that is under way. */
    public @Nullable Phase phase() {
        return phase;
    }

    /**
     * From here on this text is hidden wherever the server says it. Of two that overlap the one named first is hidden. Where
     * it has less than four characters, nothing is shown of what the server says from the login on.
     */
    public void hide(String secret) {
        if (secret.length() >= MIN_SECRET) {
            secrets.add(secret);
        } else {
            secretIsShort |= !secret.isEmpty();
        }
    }

    /** What the server said, without control characters and secrets, cut to that many bytes. */
    public String shown(byte[] said, int maxBytes) {
        return shown(new String(said, StandardCharsets.UTF_8), maxBytes);
    }

    /** What the server said, without control characters and secrets, cut to that many bytes. */
    public String shown(String said, int maxBytes) {
        if (secretIsShort && secretMayBeKnown && !said.isEmpty()) {
            return HIDDEN;
        }
        if (secrets.isEmpty()) {
            return ServerText.clean(said, maxBytes);
        }
        // What is cleaned away may leave a form of a secret that was none before.
        boolean mayBeCut = said.length() >= KeptBytes.MAX / 4 && utf8Length(said) >= KeptBytes.MAX;
        String whole = mayBeCut ? withoutBegunSecret(hidden(said)) : hidden(said);
        String clean = ServerText.clean(whole, Integer.MAX_VALUE);
        return ServerText.clean(hidden(clean), maxBytes);
    }

    private String hidden(String said) {
        String hidden = said;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        return hidden;
    }

    /** Where a long reply was cut, a secret may have been, too. */
    private String withoutBegunSecret(String said) {
        for (String secret : secrets) {
            for (int length = Math.min(secret.length() - 1, said.length()); length > 0; length--) {
                if (said.regionMatches(said.length() - length, secret, 0, length)) {
                    return said.substring(0, said.length() - length) + HIDDEN;
                }
            }
        }
        return said;
    }

    /** A line to the server, as it may be shown: credentials replaced by the caller, who knows where they stand. */
    public void client(String line) {
        write(Transcript.Direction.CLIENT, ServerText.clean(line, MAX_LINE), line.length());
    }

    /** A line from the server, without its end. */
    public void server(byte[] line) {
        write(Transcript.Direction.SERVER, shown(line, MAX_LINE), line.length);
    }

    /** A line from the server, without its end. */
    public void server(String line) {
        write(Transcript.Direction.SERVER, shown(line, MAX_LINE), line.length());
    }

    /** Something the prober has to say itself. */
    public void note(String text) {
        write(Transcript.Direction.NOTE, shown(text, MAX_LINE), text.length());
    }

    /** RFC 5321, section 2.3.8, and its like: lines end with CR LF. Told once of a run. */
    public void bareLf() {
        if (!toldOfBareLf) {
            toldOfBareLf = true;
            note("The server ends lines with LF alone instead of CR LF.");
        }
    }

    /** What comes before a command is no answer to it; before the one that starts TLS, somebody may have put it there. */
    public RunFailure unasked(String said) {
        return new RunFailure(
                phase == Phase.STARTTLS ? FailureCode.STARTTLS_INJECTION : FailureCode.BAD_REPLY,
                "The server said more than it was asked for.",
                said);
    }

    /** Tells how much of a long reply was not kept; nothing where all of it was. */
    public void discarded(int bytes) {
        if (bytes > 0) {
            note("The reply goes on for " + bytes + " bytes more, which were not looked at.");
        }
    }

    void resolved(Resolution resolution) {
        resolved = resolution;
        resolution.notes().forEach(this::note);
    }

    public void attempt(ConnectAttempt attempt) {
        attempts.add(attempt);
    }

    public void connected(InetAddress address) {
        remoteAddress = address;
    }

    /** A line of the greeting; of several the last one is what results show. */
    public void greeting(byte[] line) {
        greeting = shown(line, ServerText.MAX_GREETING);
        greetingBytes += utf8Length(greeting);
        if (greetingLines.size() < MAX_GREETING_LINES && greetingBytes <= MAX_GREETING) {
            greetingLines.add(greeting);
        }
    }

    /** At most 100, together as many bytes as are kept of a reply; what exceeds is discarded. */
    public void capabilities(List<String> told) {
        List<String> kept = new ArrayList<>();
        int bytes = 0;
        for (String capability : told) {
            String shown = shown(capability, MAX_CAPABILITY);
            bytes += utf8Length(shown);
            if (kept.size() == MAX_CAPABILITIES || bytes > KeptBytes.MAX) {
                break;
            }
            kept.add(shown);
        }
        capabilities = List.copyOf(kept);
    }

    public void tls(TlsFindings findings) {
        tls = findings;
    }

    public void certificate(CertificateFindings findings) {
        certificate = findings;
    }

    public void authMechanism(AuthMechanism mechanism) {
        authMechanism = mechanism;
    }

    public List<PhaseTiming> phases() {
        return List.copyOf(phases);
    }

    /** Null where no name was resolved. */
    public @Nullable NetworkFindings network(int port) {
        return resolved == null
                ? null
                : new NetworkFindings(
                        resolved.addresses(), resolved.aliases(), resolved.resolver(), attempts, remoteAddress, port);
    }

    public @Nullable TlsFindings tls() {
        return tls;
    }

    public @Nullable CertificateFindings certificate() {
        return certificate;
    }

    public @Nullable AuthMechanism authMechanism() {
        return authMechanism;
    }

    /** The lines of the greeting, each cut as a greeting is; at most 20, together at most 4 KiB. */
    public List<String> greetingLines() {
        return List.copyOf(greetingLines);
    }

    public String greeting() {
        return greeting;
    }

    public List<String> capabilities() {
        return capabilities;
    }

    public Transcript transcript() {
        return transcript.transcript();
    }

    private void write(Transcript.Direction direction, String text, int originalLength) {
        transcript.add(elapsed(), direction, text, originalLength);
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
