package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;

/** Commands with their tags out, responses in, both into the transcript. */
final class ImapChannel {

    /** In the whole run. */
    private static final int MAX_UNTAGGED = 1000;

    private final Connection connection;
    private final RunRecorder recorder;
    private final ImapResponseParser parser = new ImapResponseParser();
    private final StringBuilder untagged = new StringBuilder();
    private ImapCapabilities inCompletion = ImapCapabilities.NONE;
    private int commands;
    private int untaggedInRun;
    private boolean leaving;

    ImapChannel(Connection connection, RunRecorder recorder) {
        this.connection = connection;
        this.recorder = recorder;
    }

    /** Sends a command and waits for its end. */
    ImapResponse.Tagged command(String command) throws RunFailure {
        String tag = begin(command, command);
        return completion(tag);
    }

    /** Sends a command of which the transcript shows something else; {@link #next} or {@link #completion} follow. */
    String begin(String command, String shown) throws RunFailure {
        commands++;
        String tag = "p" + commands;
        untagged.setLength(0);
        inCompletion = ImapCapabilities.NONE;
        recorder.client(tag + " " + shown);
        connection.writeLine(tag + " " + command);
        return tag;
    }

    /** Sends a line inside a command: the caller knows where the credentials stand. */
    void continueWith(String line, String shown) throws RunFailure {
        recorder.client(shown);
        connection.writeLine(line);
    }

    /** Ends a login without a result. */
    void cancel(String tag) {
        connection.courtesy("the end of the login", () -> {
            continueWith("*", "*");
            next(tag);
        });
    }

    /** The end of that command, or the server's wish for more of it. Of what comes untagged before, capabilities are kept. */
    ImapResponse next(String tag) throws RunFailure {
        while (true) {
            ImapResponse response = receive();
            switch (response) {
                case ImapResponse.Untagged data -> keep(data);
                case ImapResponse.Continuation more -> {
                    return more;
                }
                case ImapResponse.Tagged end -> {
                    if (!end.tag().equals(tag)) {
                        throw new RunFailure(
                                FailureCode.BAD_REPLY, "The server ends a command that was never sent.", end.line());
                    }
                    inCompletion = ImapCapabilities.inCodeOf(end);
                    return end;
                }
            }
        }
    }

    /** The end of that command, where nothing more is to be sent. */
    ImapResponse.Tagged completion(String tag) throws RunFailure {
        ImapResponse response = next(tag);
        if (response instanceof ImapResponse.Tagged end) {
            return end;
        }
        throw new RunFailure(
                FailureCode.BAD_REPLY, "The server asks for more after everything was said.", response.shown());
    }

    /** What the server can, as it told during the last command: in its completion or before; none where it did not. */
    ImapCapabilities capabilitiesTold() {
        return inCompletion.keywords().isEmpty() ? capabilitiesListed() : inCompletion;
    }

    /** What the untagged CAPABILITY responses to the last command name. */
    ImapCapabilities capabilitiesListed() {
        return ImapCapabilities.listed(untagged.toString());
    }

    /** From here on a BYE is what we asked for. */
    void leaving() {
        leaving = true;
    }

    /** The next response, whatever it is. */
    ImapResponse receive() throws RunFailure {
        try {
            ImapResponse response = null;
            while (response == null) {
                response = parser.accept(connection.read());
            }
            recorder.server(response.shown());
            if (parser.sawBareLf()) {
                recorder.bareLf();
            }
            return response;
        } catch (RunFailure failure) {
            if (failure.code() == FailureCode.REPLY_TOO_LONG) {
                connection.abandon();
            }
            if (failure.code() == FailureCode.BAD_REPLY) {
                recorder.server(failure.serverReply());
            }
            throw failure;
        }
    }

    private void keep(ImapResponse.Untagged data) throws RunFailure {
        if (data.keyword().equals("BYE") && !leaving) {
            throw ImapRefusals.ofBye(data, "The server ended the session by itself");
        }
        untaggedInRun++;
        if (untaggedInRun > MAX_UNTAGGED) {
            connection.abandon();
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG,
                    "The server sent more than " + MAX_UNTAGGED + " responses nobody asked for.");
        }
        if (!data.keyword().equals("CAPABILITY")) {
            return;
        }
        if (parser.discarded() > 0 || untagged.length() + data.rest().length() >= KeptBytes.MAX) {
            connection.abandon();
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG,
                    "The server named more than " + KeptBytes.MAX / 1024 + " KiB of capabilities.");
        }
        untagged.append(data.rest()).append(' ');
    }
}
