package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.net.TlsUpgrade;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import java.nio.charset.StandardCharsets;

/** One POP3 session: greeting, CAPA, STLS and CAPA again, login, QUIT. No message is listed, read or deleted. */
public final class Pop3Dialogue implements Dialogue {

    private final Pop3Request request;
    private final Connection connection;
    private final TlsUpgrade upgrade;
    private final RunRecorder recorder;
    private final Pop3Channel channel;

    private Pop3Capabilities capabilities = Pop3Capabilities.UNKNOWN;

    /** Prepares the session on a connection; TLS from the first byte, where the request asks for it, is up already. */
    public Pop3Dialogue(Pop3Request request, Connection connection, TlsUpgrade upgrade, RunRecorder recorder) {
        this.request = request;
        this.connection = connection;
        this.upgrade = upgrade;
        this.recorder = recorder;
        this.channel = new Pop3Channel(connection, recorder);
    }

    @Override
    public void converse() throws RunFailure {
        StopPoint stop = request.stopAfter();
        greet();
        if (stop == StopPoint.GREETING) {
            return;
        }
        askCapabilities();
        if (stop == StopPoint.CAPABILITY) {
            return;
        }
        if (request.target().security() == Security.STARTTLS) {
            startTls();
            if (stop == StopPoint.STARTTLS) {
                return;
            }
            askCapabilities();
        }
        Login login = request.login();
        if (login != null) {
            new Pop3Login(channel, connection, recorder, capabilities).logIn(login);
        }
    }

    @Override
    public void sayGoodbye() throws RunFailure {
        channel.command("QUIT");
    }

    private void greet() throws RunFailure {
        recorder.begin(Phase.GREETING);
        Pop3Response response = receiveGreeting();
        recorder.greeting(response.line().getBytes(StandardCharsets.UTF_8));
        switch (response.indicator()) {
            case OK -> recorder.end();
            case ERR ->
                throw Pop3Refusals.of(
                        response, "The server greets with a refusal", FailureCode.TEMPORARILY_UNAVAILABLE);
            case CONTINUE -> throw badGreeting(response.line());
        }
    }

    private Pop3Response receiveGreeting() throws RunFailure {
        try {
            return channel.receive();
        } catch (RunFailure failure) {
            throw failure.code() == FailureCode.BAD_REPLY ? badGreeting(failure.serverReply()) : failure;
        }
    }

    private static RunFailure badGreeting(String said) {
        return new RunFailure(FailureCode.BAD_GREETING, "The server does not greet as a POP3 server does.", said);
    }

    /** What the server said before TLS is forgotten: it is asked again. Servers older than CAPA refuse it. */
    private void askCapabilities() throws RunFailure {
        recorder.begin(Phase.CAPABILITY);
        Pop3Response response = channel.command("CAPA");
        capabilities = switch (response.indicator()) {
            case OK -> new Pop3Capabilities(true, channel.listing());
            case ERR -> {
                if (response.code().startsWith("SYS/") || response.code().equals("LOGIN-DELAY")) {
                    throw Pop3Refusals.of(response, "The server refuses CAPA", FailureCode.PERMANENTLY_REFUSED);
                }
                recorder.note("The server does not know CAPA.");
                yield Pop3Capabilities.UNKNOWN;
            }
            case CONTINUE -> throw makesNoSense(response);
        };
        recorder.capabilities(capabilities.lines());
        recorder.end();
    }

    /** RFC 2595, section 4. */
    private void startTls() throws RunFailure {
        recorder.begin(Phase.STARTTLS);
        if (capabilities.told() && !capabilities.has("STLS")) {
            throw notOffered("");
        }
        Pop3Response response = channel.command("STLS");
        switch (response.indicator()) {
            case OK -> {}
            case ERR ->
                throw capabilities.told()
                        ? new RunFailure(
                                FailureCode.STARTTLS_REFUSED,
                                "The server offers STLS but refuses to start it.",
                                response.line())
                        : notOffered(response.line());
            case CONTINUE -> throw makesNoSense(response);
        }
        upgrade.secureAfter("STLS", response.line(), connection, recorder);
    }

    private static RunFailure notOffered(String said) {
        return new RunFailure(
                FailureCode.STARTTLS_NOT_OFFERED, "The server does not offer STLS, which this monitor requires.", said);
    }

    private static RunFailure makesNoSense(Pop3Response response) {
        return new RunFailure(
                FailureCode.BAD_REPLY, "The server asks for more after everything was said.", response.line());
    }
}
