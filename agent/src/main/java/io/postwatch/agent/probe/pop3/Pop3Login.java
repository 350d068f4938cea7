package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.auth.ProtocolLogin;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslStep;
import org.jspecify.annotations.Nullable;

/**
 * A login by AUTH (RFC 5034), or by USER and PASS where it names no mechanism and the server offers none that fits.
 */
final class Pop3Login implements ProtocolLogin<Pop3Response> {

    /** RFC 5034, section 4, bounds the command line to 255 bytes with its end. */
    private static final int MAX_COMMAND = 253;

    private final Pop3Channel channel;
    private final Pop3Capabilities capabilities;

    Pop3Login(Pop3Channel channel, Pop3Capabilities capabilities) {
        this.channel = channel;
        this.capabilities = capabilities;
    }

    @Override
    public MechanismOffer offer() {
        return capabilities.mechanisms();
    }

    @Override
    public boolean offersMoreAfterTls() {
        return capabilities.has("STLS");
    }

    @Override
    public @Nullable OwnCommand<Pop3Response> ownCommand(Login login) {
        boolean maySayUser =
                login.mechanism() == null && !login.hasToken() && (!capabilities.told() || capabilities.has("USER"));
        return maySayUser ? new OwnCommand<>(AuthMechanism.USER_PASS, () -> userAndPass(login)) : null;
    }

    @Override
    public void judge(Pop3Response end) throws RunFailure {
        if (!end.isOk()) {
            throw Pop3Refusals.ofLogin(end);
        }
    }

    private Pop3Response userAndPass(Login login) throws RunFailure {
        Pop3Response user = channel.command("USER " + login.username(), "USER [username]");
        return user.isOk() ? channel.command("PASS " + login.secret().text(), "PASS [password]") : user;
    }

    /** With an initial response where it fits into the command. */
    @Override
    public Said<Pop3Response> begin(AuthMechanism mechanism, SaslStep.@Nullable Response initial) throws RunFailure {
        String command = "AUTH " + mechanism.saslName();
        if (initial == null) {
            return said(channel.command(command));
        }
        String atOnce = command + " " + initial.base64();
        if (atOnce.length() <= MAX_COMMAND) {
            return said(channel.command(atOnce, command + " " + initial.shown()));
        }
        Said<Pop3Response> said = said(channel.command(command));
        return said instanceof Challenge ? respond(initial) : said;
    }

    @Override
    public Said<Pop3Response> respond(SaslStep.Response response) throws RunFailure {
        return said(channel.command(response.base64(), response.shown()));
    }

    /** RFC 5034, section 4. */
    @Override
    public void cancel() {
        channel.cancel();
    }

    private static Said<Pop3Response> said(Pop3Response response) {
        return response.indicator() == Pop3Response.Indicator.CONTINUE
                ? new Challenge<>(response.text(), response.shown())
                : new End<>(response, response.isOk(), response.line());
    }
}
