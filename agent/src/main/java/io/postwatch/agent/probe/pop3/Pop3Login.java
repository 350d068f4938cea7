package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.auth.AuthPhase;
import io.postwatch.agent.probe.auth.Conversation;
import io.postwatch.agent.probe.auth.SaslWire;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslExchange;
import io.postwatch.agent.probe.sasl.SaslStep;
import org.jspecify.annotations.Nullable;

/**
 * Phase auth: AUTH (RFC 5034), or USER and PASS where the login names no mechanism and the server offers none that fits.
 * Says nothing secret where it should not travel.
 */
final class Pop3Login implements SaslWire<Pop3Response> {

    /** RFC 5034, section 4, bounds the command line to 255 bytes with its end. */
    private static final int MAX_COMMAND = 253;

    private final Pop3Channel channel;
    private final Connection connection;
    private final RunRecorder recorder;
    private final Pop3Capabilities capabilities;

    Pop3Login(Pop3Channel channel, Connection connection, RunRecorder recorder, Pop3Capabilities capabilities) {
        this.channel = channel;
        this.connection = connection;
        this.recorder = recorder;
        this.capabilities = capabilities;
    }

    void logIn(Login login) throws RunFailure {
        if (!AuthPhase.begin(connection, recorder)) {
            return;
        }
        MechanismOffer offer = capabilities.mechanisms();
        AuthMechanism mechanism = AuthPhase.choose(login, offer, connection);
        Pop3Response end;
        if (mechanism != null) {
            recorder.authMechanism(mechanism);
            end = Conversation.run(SaslExchange.of(mechanism, login), this, recorder);
        } else if (maySayUser(login)) {
            recorder.authMechanism(AuthMechanism.USER_PASS);
            end = userAndPass(login);
        } else {
            boolean afterTls = connection.protection() == Connection.Protection.PLAINTEXT && capabilities.has("STLS");
            throw AuthPhase.noMechanism(offer, login, afterTls, recorder);
        }
        if (!end.isOk()) {
            throw Pop3Refusals.ofLogin(end);
        }
        recorder.end();
    }

    private boolean maySayUser(Login login) {
        return login.mechanism() == null && !login.hasToken() && (!capabilities.told() || capabilities.has("USER"));
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
    public void cancel() throws RunFailure {
        channel.command("*");
    }

    private static Said<Pop3Response> said(Pop3Response response) {
        return response.indicator() == Pop3Response.Indicator.CONTINUE
                ? new Challenge<>(response.text(), response.line())
                : new End<>(response, response.isOk(), response.line());
    }
}
