package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.LineParser;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands out, responses in, both into the transcript. */
final class Pop3Channel {

    /** In bytes, the end not counted; RFC 2449 allows 512 with the end. */
    private static final int MAX_LINE = 4096;

    private static final int MAX_LINES = 100;

    /** Of a whole listing, in characters. */
    private static final int MAX_BYTES = 64 * 1024;

    private final Connection connection;
    private final RunRecorder recorder;
    private final LineParser lines = new LineParser(MAX_LINE);
    private boolean leaving;

    Pop3Channel(Connection connection, RunRecorder recorder) {
        this.connection = connection;
        this.recorder = recorder;
    }

    /** Sends a command and waits for the first line of its response. */
    Pop3Response command(String command) throws RunFailure {
        return command(command, command);
    }

    /** Sends a line of which the transcript shows something else: the caller knows where the credentials stand. */
    Pop3Response command(String command, String shown) throws RunFailure {
        if (connection.hasUnread() && !leaving) {
            // Behind a second greeting would stand the response to every command but the last.
            throw recorder.unasked(receive().shown());
        }
        recorder.client(shown);
        connection.writeLine(command);
        return receive();
    }

    /** Ends a login without a result. */
    void cancel() {
        connection.courtesy("the end of the login", () -> command("*"));
    }

    /** From here on nothing that the server says matters any more. */
    void leaving() {
        leaving = true;
    }

    /** The next response, or its first line where it has several. */
    Pop3Response receive() throws RunFailure {
        String line = readLine();
        Pop3Response response = Pop3Response.of(line);
        recorder.server(response == null ? line : response.shown());
        if (response == null) {
            throw new RunFailure(FailureCode.BAD_REPLY, "The server sent a line that is no POP3 response.", line);
        }
        return response;
    }

    /** The lines of a listing behind its first, up to the dot (RFC 1939, section 3); leading dots are taken off. */
    List<String> listing() throws RunFailure {
        KeptBytes kept = new KeptBytes();
        int bytes = 0;
        int count = 0;
        for (String line = readLine(); !line.equals("."); line = readLine()) {
            recorder.server(line);
            bytes += line.length();
            count++;
            if (count > MAX_LINES || bytes > MAX_BYTES) {
                connection.abandon();
                throw new RunFailure(
                        FailureCode.REPLY_TOO_LONG,
                        "The server sent a listing of more than " + MAX_LINES + " lines or " + MAX_BYTES / 1024
                                + " KiB.");
            }
            kept.addLine(line.getBytes(StandardCharsets.UTF_8), line.startsWith(".") ? 1 : 0);
        }
        recorder.discarded(kept.discarded());
        return kept.lines();
    }

    private String readLine() throws RunFailure {
        byte[] line = null;
        try {
            while (line == null) {
                line = lines.accept(connection.read());
            }
        } catch (RunFailure failure) {
            if (failure.code() == FailureCode.REPLY_TOO_LONG) {
                connection.abandon();
            }
            throw failure;
        }
        if (lines.sawBareLf()) {
            recorder.bareLf();
        }
        int end = line.length;
        while (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }
}
