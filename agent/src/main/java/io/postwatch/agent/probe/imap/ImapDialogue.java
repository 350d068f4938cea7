package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.auth.AuthPhase;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import java.nio.charset.StandardCharsets;

/** One IMAP session: greeting, CAPABILITY, STARTTLS and CAPABILITY again, login, EXAMINE, LOGOUT. */
public final class ImapDialogue implements Dialogue {

    private final ImapRequest request;
    private final Connection connection;
    private final RunRecorder recorder;
    private final ImapChannel channel;
    private ImapCapabilities capabilities = ImapCapabilities.NONE;
    private boolean loggedIn;

    /** Prepares the session on a connection. TLS from the first byte is up before the greeting is waited for. */
    public ImapDialogue(ImapRequest request, Connection connection, RunRecorder recorder) {
        this.request = request;
        this.connection = connection;
        this.recorder = recorder;
        this.channel = new ImapChannel(connection, recorder);
    }

    @Override
    public void greet() throws RunFailure {
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
            case "BYE" -> throw ImapRefusals.ofBye(response, "The server greets with a refusal");
            default -> throw RunFailure.ofGreeting("an IMAP", response.line());
        }
        loggedIn = keyword.equals("PREAUTH");
    }

    private ImapResponse receiveGreeting() throws RunFailure {
        try {
            return channel.receive();
        } catch (RunFailure failure) {
            throw failure.inGreeting("an IMAP");
        }
    }

    @Override
    public void askCapabilities() throws RunFailure {
        ImapResponse.Tagged end = channel.command("CAPABILITY");
        if (end.completion() != ImapResponse.Completion.OK) {
            throw ImapRefusals.of(end, "The server refuses CAPABILITY");
        }
        capabilities = channel.capabilitiesListed();
        if (capabilities.keywords().isEmpty()) {
            throw new RunFailure(FailureCode.BAD_REPLY, "The server names no capability when asked.", end.line());
        }
        recorder.capabilities(capabilities.keywords());
    }

    @Override
    public String tlsCommand() {
        return "STARTTLS";
    }

    @Override
    public TlsAnswer askForTls() throws RunFailure {
        if (!capabilities.has("STARTTLS")) {
            return new TlsAnswer.NotOffered("");
        }
        ImapResponse.Tagged end = channel.command("STARTTLS");
        return end.completion() == ImapResponse.Completion.OK
                ? new TlsAnswer.Agreed(end.line())
                : new TlsAnswer.Refused(end.line());
    }

    @Override
    public void logIn(Login login) throws RunFailure {
        if (loggedIn) {
            recorder.begin(Phase.AUTH);
            throw new RunFailure(
                    FailureCode.PREAUTH,
                    "The server takes us for logged in from the start: username and password can't be checked.",
                    recorder.greeting());
        }
        AuthPhase.logIn(login, new ImapLogin(channel, capabilities), connection, recorder);
        recordNewCapabilities();
    }

    /** Servers tell at the end of a login what they can from then on (RFC 9051, section 6.2.2), in one way or another. */
    private void recordNewCapabilities() {
        ImapCapabilities told = channel.capabilitiesTold();
        if (!told.keywords().isEmpty()) {
            recorder.capabilities(told.keywords());
        }
    }

    /** The folder, read-only: nothing in it changes, not even what counts as recent (RFC 9051, section 6.3.3). */
    @Override
    public void goOn() throws RunFailure {
        Folder folder = request.options().folder();
        if (folder == null || !StopPoint.AUTH.isBefore(request.stopAfter())) {
            return;
        }
        recorder.begin(Phase.SELECT);
        ImapResponse.Tagged end = channel.command("EXAMINE " + ImapFolderName.encoded(folder.name()));
        if (ImapResponse.codeOf(end.text()).equals("NONEXISTENT")) {
            throw new RunFailure(
                    FailureCode.EXPECTATION_NOT_MET,
                    "The folder '" + folder.name() + "' does not exist on the server.",
                    end.line());
        }
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
}
