package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.auth.AuthPhase;
import io.postwatch.agent.probe.auth.ProtocolLogin;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslStep;
import io.postwatch.agent.probe.sasl.WireForms;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A login by AUTHENTICATE, or by the LOGIN command where a server knows nothing better. */
final class ImapLogin implements ProtocolLogin<ImapResponse.Tagged> {

    private final ImapChannel channel;
    private final ImapCapabilities capabilities;
    private String tag = "";

    ImapLogin(ImapChannel channel, ImapCapabilities capabilities) {
        this.channel = channel;
        this.capabilities = capabilities;
    }

    @Override
    public MechanismOffer offer() {
        return capabilities.mechanisms();
    }

    @Override
    public boolean offersMoreAfterTls() {
        return capabilities.has("LOGINDISABLED");
    }

    @Override
    public @Nullable OwnCommand<ImapResponse.Tagged> ownCommand(Login login) {
        boolean allowed = !login.hasToken()
                && (login.mechanism() == null || login.mechanism() == AuthMechanism.LOGIN)
                && !capabilities.has("LOGINDISABLED");
        return allowed ? new OwnCommand<>(AuthMechanism.LOGIN, () -> loginCommand(login)) : null;
    }

    @Override
    public void judge(ImapResponse.Tagged end) throws RunFailure {
        if (end.completion() != ImapResponse.Completion.OK) {
            throw ImapLoginRefusals.of(end);
        }
    }

    /** With an initial response where the server knows how (RFC 4959). */
    @Override
    public Said<ImapResponse.Tagged> begin(AuthMechanism mechanism, SaslStep.@Nullable Response initial)
            throws RunFailure {
        String command = "AUTHENTICATE " + mechanism.saslName();
        if (initial != null && capabilities.has("SASL-IR")) {
            tag = channel.begin(command + " " + initial.base64(), command + " " + initial.shown());
            return said(channel.next(tag));
        }
        tag = channel.begin(command, command);
        Said<ImapResponse.Tagged> said = said(channel.next(tag));
        return initial != null && said instanceof Challenge ? respond(initial) : said;
    }

    @Override
    public Said<ImapResponse.Tagged> respond(SaslStep.Response response) throws RunFailure {
        channel.continueWith(response.base64(), response.shown());
        return said(channel.next(tag));
    }

    /** RFC 9051, section 6.2.2. */
    @Override
    public void cancel() {
        channel.cancel(tag);
    }

    private static Said<ImapResponse.Tagged> said(ImapResponse response) {
        return response instanceof ImapResponse.Tagged end
                ? new End<>(end, end.completion() == ImapResponse.Completion.OK, end.line())
                : new Challenge<>(response.line().substring(1).strip(), response.shown());
    }

    /** Strings in quotes, or as literals where quotes can't hold them (RFC 9051, section 4.3). */
    private ImapResponse.Tagged loginCommand(Login login) throws RunFailure {
        String password = login.secret().text();
        if (isQuotable(login.username()) && isQuotable(password)) {
            tag = channel.begin(
                    "LOGIN " + WireForms.quoted(login.username()) + " " + WireForms.quoted(password),
                    "LOGIN [username] [password]");
            return completion();
        }
        tag = channel.begin("LOGIN " + literalSize(login.username()), "LOGIN {…}");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(login.username() + " " + literalSize(password), "[username] {…}");
        if (channel.next(tag) instanceof ImapResponse.Tagged refused) {
            return refused;
        }
        channel.continueWith(password, "[password]");
        return completion();
    }

    /** The end of the LOGIN command, which says everything of its own accord. */
    private ImapResponse.Tagged completion() throws RunFailure {
        ImapResponse response = channel.next(tag);
        if (response instanceof ImapResponse.Tagged end) {
            return end;
        }
        cancel();
        throw AuthPhase.asksForMore(response.shown());
    }

    private static boolean isQuotable(String text) {
        return text.chars().allMatch(character -> character >= ' ' && character < 127);
    }

    private static String literalSize(String text) {
        return "{" + text.getBytes(StandardCharsets.UTF_8).length + "}";
    }
}
