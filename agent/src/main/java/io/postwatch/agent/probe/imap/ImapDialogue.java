package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ImapRequest;
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

/** One IMAP session: greeting, CAPABILITY, STARTTLS and CAPABILITY again, login, EXAMINE, LOGOUT. */
public final class ImapDialogue implements Dialogue {

    private final ImapRequest request;
    private final Connection connection;
    private final TlsUpgrade upgrade;
    private final RunRecorder recorder;
    private final ImapChannel channel;
    private ImapCapabilities capabilities = ImapCapabilities.NONE;

    /** Prepares the session on a connection; TLS from the first byte, where the request asks for it, is up already. */
    public ImapDialogue(ImapRequest request, Connection connection, TlsUpgrade upgrade, RunRecorder recorder) {
        this.request = request;
        this.connection = connection;
        this.upgrade = upgrade;
        this.recorder = recorder;
        this.channel = new ImapChannel(connection, recorder);
    }

    @Override
    public void converse() throws RunFailure {
        StopPoint stop = request.stopAfter();
        boolean loggedIn = greet();
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
            if (loggedIn) {
                recorder.begin(Phase.AUTH);
                throw new RunFailure(
                        FailureCode.PREAUTH,
                        "The server takes us for logged in from the start: username and password can't be checked.",
                        recorder.greeting());
            }
            new ImapLogin(channel, connection, recorder, capabilities).logIn(login);
            recordNewCapabilities();
        }
        Folder folder = request.options().folder();
        boolean withheld = connection.protection() == Connection.Protection.UNTRUSTED;
        if (folder != null && StopPoint.AUTH.isBefore(stop) && !withheld) {
            open(folder);
        }
    }

    /** Servers tell at the end of a login what they can from then on (RFC 9051, section 6.2.2), in one way or another. */
    private void recordNewCapabilities() {
        ImapCapabilities told = channel.capabilitiesTold();
        if (!told.keywords().isEmpty()) {
            recorder.capabilities(told.keywords());
        }
    }

    /** Read-only: nothing in it changes, not even what counts as recent (RFC 9051, section 6.3.3). */
    private void open(Folder folder) throws RunFailure {
        recorder.begin(Phase.SELECT);
        ImapResponse.Tagged end = channel.command("EXAMINE " + ImapFolderName.encoded(folder.name()));
        if (end.completion() != ImapResponse.Completion.OK) {
            throw ImapRefusals.of(end, "The server does not open the folder");
        }
        recorder.end();
    }

    @Override
    public void sayGoodbye() throws RunFailure {
        channel.leaving();
        channel.command("LOGOUT");
    }

    /** Returns whether the server takes us for logged in already. */
    private boolean greet() throws RunFailure {
        recorder.begin(Phase.GREETING);
        ImapResponse response = receiveGreeting();
        recorder.greeting(response.line().getBytes(StandardCharsets.UTF_8));
        recorder.capabilities(ImapCapabilities.inCodeOf(response).keywords());
        String keyword = response instanceof ImapResponse.Untagged untagged ? untagged.keyword() : "";
        switch (keyword) {
            case "OK" -> {}
            case "PREAUTH" -> {
                if (request.target().security() == Security.STARTTLS) {
                    // RFC 9051, section 6.2.1: STARTTLS is not possible any more, and somebody may have wanted that.
                    throw new RunFailure(
                            FailureCode.PREAUTH,
                            "The server greets with PREAUTH before TLS, which makes STARTTLS impossible.",
                            response.line());
                }
            }
            case "BYE" ->
                throw new RunFailure(
                        FailureCode.TEMPORARILY_UNAVAILABLE, "The server greets with a refusal.", response.line());
            default ->
                throw new RunFailure(
                        FailureCode.BAD_GREETING, "The server does not greet as an IMAP server does.", response.line());
        }
        recorder.end();
        return keyword.equals("PREAUTH");
    }

    private ImapResponse receiveGreeting() throws RunFailure {
        try {
            return channel.receive();
        } catch (RunFailure failure) {
            throw failure.code() == FailureCode.BAD_REPLY
                    ? new RunFailure(
                            FailureCode.BAD_GREETING,
                            "The server does not greet as an IMAP server does.",
                            failure.serverReply())
                    : failure;
        }
    }

    /** What the server said before TLS is forgotten: it is asked again. */
    private void askCapabilities() throws RunFailure {
        recorder.begin(Phase.CAPABILITY);
        ImapResponse.Tagged end = channel.command("CAPABILITY");
        if (end.completion() != ImapResponse.Completion.OK) {
            throw ImapRefusals.of(end, "The server refuses CAPABILITY");
        }
        capabilities = ImapCapabilities.of(channel.untagged());
        if (capabilities.keywords().isEmpty()) {
            throw new RunFailure(FailureCode.BAD_REPLY, "The server names no capability when asked.", end.line());
        }
        recorder.capabilities(capabilities.keywords());
        recorder.end();
    }

    private void startTls() throws RunFailure {
        recorder.begin(Phase.STARTTLS);
        if (!capabilities.has("STARTTLS")) {
            throw new RunFailure(
                    FailureCode.STARTTLS_NOT_OFFERED,
                    "The server does not offer STARTTLS, which this monitor requires.");
        }
        ImapResponse.Tagged end = channel.command("STARTTLS");
        if (end.completion() != ImapResponse.Completion.OK) {
            throw new RunFailure(
                    FailureCode.STARTTLS_REFUSED, "The server offers STARTTLS but refuses to start it.", end.line());
        }
        upgrade.secureAfter("STARTTLS", end.line(), connection, recorder);
    }
}
