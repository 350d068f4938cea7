package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.auth.ProtocolLogin;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslStep;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A login by AUTH (RFC 4954). */
final class SmtpLogin implements ProtocolLogin<SmtpReply> {

    /**
     * RFC 5321 bounds a command line; a longer response waits for the server's 334. RFC 4954, section 4.1, would allow
     * 12,288 bytes, but Postfix takes an initial response of some 1,500, as access tokens have, for bad base64.
     */
    private static final int MAX_COMMAND = 510;

    private static final int CONTINUE = 334;
    private static final int ACCEPTED = 235;

    /** Base64, not empty. */
    private static final Pattern CHALLENGE =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)");

    private final SmtpChannel channel;
    private final SmtpExtensions extensions;

    SmtpLogin(SmtpChannel channel, SmtpExtensions extensions) {
        this.channel = channel;
        this.extensions = extensions;
    }

    @Override
    public MechanismOffer offer() {
        return extensions.mechanisms();
    }

    @Override
    public boolean offersMoreAfterTls() {
        return extensions.offers("STARTTLS");
    }

    @Override
    public void judge(SmtpReply end) throws RunFailure {
        if (end.code() != ACCEPTED) {
            throw end.code() < 400 ? channel.refused(end, "The server refuses the login") : SmtpLoginRefusals.of(end);
        }
    }

    @Override
    public Said<SmtpReply> begin(AuthMechanism mechanism, SaslStep.@Nullable Response initial) throws RunFailure {
        String command = "AUTH " + mechanism.saslName();
        if (initial == null) {
            channel.send(command);
            return said(channel.receive());
        }
        String atOnce = command + " " + initial.base64();
        if (atOnce.length() > MAX_COMMAND) {
            channel.send(command);
            SmtpReply prompt = channel.receive();
            return prompt.code() == CONTINUE ? respond(initial) : said(prompt);
        }
        channel.sendHidden(atOnce, command + " " + initial.shown());
        Said<SmtpReply> said = said(channel.receive());
        // Some servers overlook an initial response and prompt for it, in whatever words.
        boolean overlooked = said instanceof Challenge<SmtpReply> prompt
                && !CHALLENGE.matcher(prompt.base64()).matches();
        return overlooked ? respond(initial) : said;
    }

    @Override
    public Said<SmtpReply> respond(SaslStep.Response response) throws RunFailure {
        channel.sendHidden(response.base64(), response.shown());
        return said(channel.receive());
    }

    /** RFC 4954, section 4; without it, QUIT would be heard as a response. */
    @Override
    public void cancel() {
        channel.cancel();
    }

    private static Said<SmtpReply> said(SmtpReply reply) {
        return reply.code() == CONTINUE
                ? new Challenge<>(reply.texts().getFirst().strip(), reply.text())
                : new End<>(reply, reply.code() == ACCEPTED, reply.text());
    }
}
