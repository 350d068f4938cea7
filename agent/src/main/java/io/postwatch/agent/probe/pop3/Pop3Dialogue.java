package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.auth.AuthPhase;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.Login;
import java.nio.charset.StandardCharsets;

/** One POP3 session: greeting, CAPA, STLS and CAPA again, login, QUIT. No message is listed, read or deleted. */
public final class Pop3Dialogue implements Dialogue {

    private final Connection connection;
    private final RunRecorder recorder;
    private final Pop3Channel channel;

    private Pop3Capabilities capabilities = Pop3Capabilities.UNKNOWN;

    /** Prepares the session on a connection. TLS from the first byte is up before the greeting is waited for. */
    public Pop3Dialogue(Connection connection, RunRecorder recorder) {
        this.connection = connection;
        this.recorder = recorder;
        this.channel = new Pop3Channel(connection, recorder);
    }

    @Override
    public void greet() throws RunFailure {
        Pop3Response response = receiveGreeting();
        recorder.greeting(response.line().getBytes(StandardCharsets.UTF_8));
        switch (response.indicator()) {
            case OK -> {}
            case ERR ->
                throw Pop3Refusals.of(
                        response, "The server greets with a refusal", FailureCode.TEMPORARILY_UNAVAILABLE);
            case CONTINUE -> throw RunFailure.ofGreeting("a POP3", response.line());
        }
    }

    private Pop3Response receiveGreeting() throws RunFailure {
        try {
            return channel.receive();
        } catch (RunFailure failure) {
            throw failure.inGreeting("a POP3");
        }
    }

    /** Servers older than CAPA refuse it. */
    @Override
    public void askCapabilities() throws RunFailure {
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
    }

    @Override
    public String tlsCommand() {
        return "STLS";
    }

    /** RFC 2595, section 4. Who does not tell what it can may still know it. */
    @Override
    public TlsAnswer askForTls() throws RunFailure {
        if (capabilities.told() && !capabilities.has("STLS")) {
            return new TlsAnswer.NotOffered("");
        }
        Pop3Response response = channel.command("STLS");
        return switch (response.indicator()) {
            case OK -> new TlsAnswer.Agreed(response.line());
            case ERR ->
                capabilities.told()
                        ? new TlsAnswer.Refused(response.line())
                        : new TlsAnswer.NotOffered(response.line());
            case CONTINUE -> throw makesNoSense(response);
        };
    }

    @Override
    public void logIn(Login login) throws RunFailure {
        AuthPhase.logIn(login, new Pop3Login(channel, capabilities), connection, recorder);
    }

    @Override
    public void sayGoodbye() throws RunFailure {
        channel.leaving();
        channel.command("QUIT");
    }

    private static RunFailure makesNoSense(Pop3Response response) {
        return new RunFailure(
                FailureCode.BAD_REPLY, "The server asks for more after everything was said.", response.shown());
    }
}
