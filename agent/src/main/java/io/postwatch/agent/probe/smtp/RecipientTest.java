package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.auth.LoginRefusal;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.time.Phase;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Phases mail and rcpt: asks a server whether it takes mail for somebody, from the empty sender that nobody answers to
 * (RFC 5321, section 4.5.5), and takes the question back. Never says DATA.
 */
final class RecipientTest {

    /** What greylisting says behind 450 or 451, where it bears an enhanced code at all. */
    private static final Set<String> GREYLISTING = Set.of("", "4.7.1", "4.7.0", "4.2.0");

    /** What servers say of a fault of their own, without such a code; the first is Exim's word for most of them. */
    private static final Pattern OWN_FAULT = Pattern.compile(
            "(?:temporary|local|internal|system|server) (?:\\S+ )?(?:problem|error|failure)|lookup fail");

    /** What Postfix says with a greylisting's code of things that no waiting mends: milters, names, HELO. */
    private static final Pattern NOT_GREYLISTED = Pattern.compile(
            "service (?:is )?unavailable|cannot find your|(?:host|domain) not found|need fully-qualified");

    /** RFC 4954, section 6. */
    private static final int AUTHENTICATION_REQUIRED = 530;

    private static final Pattern GREYLISTED = Pattern.compile("gr[ae]y-?\\s?list|postgrey|early retry");

    /** What Microsoft 365 says to hosts that it holds back: 4.7.500 to 4.7.699. */
    private static final Pattern HELD_BACK = Pattern.compile("4\\.7\\.[56]\\d\\d");

    private static final Pattern AT_A_RATE = Pattern.compile("receiving mail (?:too quickly|at a rate)");

    private final SmtpChannel channel;
    private final RunRecorder recorder;
    private final boolean loggedIn;
    private boolean asked;

    RecipientTest(SmtpChannel channel, RunRecorder recorder, boolean loggedIn) {
        this.channel = channel;
        this.recorder = recorder;
        this.loggedIn = loggedIn;
    }

    void run(MailAddress recipient) throws RunFailure {
        recorder.begin(Phase.MAIL);
        channel.send("MAIL FROM:<>");
        SmtpReply sender = channel.receive();
        if (!sender.isPositive()) {
            throw refused(sender, "The server refuses the empty sender");
        }
        asked = true;
        recorder.end();
        recorder.begin(Phase.RCPT);
        channel.send("RCPT TO:<" + recipient.text() + ">");
        SmtpReply reply = channel.receive();
        if (!reply.isPositive()) {
            throw refusedRecipient(reply);
        }
        recorder.end();
    }

    /** Leaves nothing begun behind, whatever came of it. */
    void takeBack() throws RunFailure {
        if (asked) {
            channel.send("RSET");
            channel.receive();
        }
    }

    private RunFailure refusedRecipient(SmtpReply reply) {
        if (reply.isTransient() && !reply.tellsOfRateLimit()) {
            String text = reply.text().toLowerCase(Locale.ROOT);
            if (HELD_BACK.matcher(reply.enhancedCode()).matches()
                    || AT_A_RATE.matcher(text).find()) {
                return new RunFailure(
                        FailureCode.RATE_LIMITED,
                        "The server refuses the recipient: it limits how much mail it takes.",
                        reply.text());
            }
            boolean usualCode =
                    (reply.code() == 450 || reply.code() == 451) && GREYLISTING.contains(reply.enhancedCode());
            boolean anotherReason = NOT_GREYLISTED.matcher(text).find()
                    || (reply.enhancedCode().isEmpty()
                            && OWN_FAULT.matcher(text).find());
            if ((usualCode && !anotherReason) || GREYLISTED.matcher(text).find()) {
                return new RunFailure(
                        FailureCode.GREYLISTED,
                        "The server greylists: it takes mail from unknown hosts only when they come again.",
                        reply.text());
            }
        }
        return refused(reply, "The server refuses the recipient");
    }

    private RunFailure refused(SmtpReply reply, String what) {
        if (reply.code() != AUTHENTICATION_REQUIRED || loggedIn) {
            return channel.refused(reply, what);
        }
        return LoginRefusal.worded(reply.text()) == LoginRefusal.AUTH_NEEDS_TLS
                ? new RunFailure(FailureCode.AUTH_NEEDS_TLS, what + " without TLS.", reply.text())
                : new RunFailure(
                        FailureCode.LOGIN_REFUSED, what + " without a login, and this monitor has none.", reply.text());
    }
}
