package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.LineParser;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;

/** Commands out, replies in, both into the transcript. */
final class SmtpChannel {

    private final Connection connection;
    private final RunRecorder recorder;
    private final LineParser lines = new LineParser(SmtpReplyParser.MAX_LINE);
    private boolean leaving;

    SmtpChannel(Connection connection, RunRecorder recorder) {
        this.connection = connection;
        this.recorder = recorder;
    }

    void send(String command) throws RunFailure {
        sendHidden(command, command);
    }

    /** Sends a line of which the transcript shows something else: the caller knows where the credentials stand. */
    void sendHidden(String command, String shown) throws RunFailure {
        if (connection.hasUnread() && !leaving) {
            throw unasked(receive());
        }
        recorder.client(shown);
        connection.writeLine(command);
    }

    /** Behind a second greeting would stand the reply to every command but the last. */
    private RunFailure unasked(SmtpReply reply) {
        return reply.isTransient() ? refused(reply, "The server gives up") : recorder.unasked(reply.text());
    }

    /** Ends a login without a result. */
    void cancel() {
        connection.courtesy("the end of the login", () -> {
            send("*");
            receive();
        });
    }

    /** From here on nothing that the server says matters any more. */
    void leaving() {
        leaving = true;
    }

    SmtpReply receive() throws RunFailure {
        return receive(false);
    }

    /** As {@link #receive}, and a reply that is none makes a bad greeting. */
    SmtpReply receiveGreeting() throws RunFailure {
        try {
            return receive(true);
        } catch (RunFailure failure) {
            throw failure.inGreeting("an SMTP");
        }
    }

    private SmtpReply receive(boolean greeting) throws RunFailure {
        SmtpReplyParser parser = new SmtpReplyParser();
        try {
            SmtpReply reply = null;
            while (reply == null) {
                byte[] line = readLine();
                recorder.server(SmtpReply.shown(line));
                if (greeting) {
                    recorder.greeting(line);
                }
                reply = parser.accept(line);
            }
            recorder.discarded(parser.discarded());
            return reply;
        } catch (RunFailure failure) {
            if (failure.code() == FailureCode.REPLY_TOO_LONG) {
                connection.abandon();
            }
            throw failure;
        }
    }

    /** The failure of a reply that says no. */
    RunFailure refused(SmtpReply reply, String what) {
        if (reply.isTransient()) {
            return reply.tellsOfRateLimit()
                    ? new RunFailure(
                            FailureCode.RATE_LIMITED,
                            what + ": it limits how often it may be connected to.",
                            reply.text())
                    : new RunFailure(
                            FailureCode.TEMPORARILY_UNAVAILABLE, what + " and says that this will pass.", reply.text());
        }
        return reply.code() >= 500
                ? new RunFailure(FailureCode.PERMANENTLY_REFUSED, what + ", for good.", reply.text())
                : new RunFailure(
                        FailureCode.BAD_REPLY,
                        "The server answers with code " + reply.code() + ", which makes no sense here.",
                        reply.text());
    }

    private byte[] readLine() throws RunFailure {
        byte[] line = null;
        while (line == null) {
            line = lines.accept(connection.read());
        }
        if (lines.sawBareLf()) {
            recorder.bareLf();
        }
        return line;
    }
}
