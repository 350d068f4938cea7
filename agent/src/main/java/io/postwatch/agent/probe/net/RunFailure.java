package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import java.io.Serial;

/**
 * Ends the dialogue of a run. Thrown inside the prober only: at its border every one becomes the failure of a result,
 * with the phase that was under way.
 */
public final class RunFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureCode code;
    private final String serverReply;

    /** A failure in which the server said nothing. */
    public RunFailure(FailureCode code, String message) {
        this(code, message, "");
    }

    /**
     * @param message one sentence for people
     * @param serverReply what the server said, as it said it: the border cleans it and hides secrets
     */
    public RunFailure(FailureCode code, String message, String serverReply) {
        // No stack trace: it is a value on its way out, and runs fail by the thousand when a network does.
        super(ServerText.clean(message, Failure.MAX_MESSAGE), null, false, false);
        this.code = code;
        this.serverReply = serverReply;
    }

    /**
     * What came first is no greeting.
     *
     * @param kind of server, with its article: {@code an SMTP}
     */
    public static RunFailure ofGreeting(String kind, String serverReply) {
        return new RunFailure(
                FailureCode.BAD_GREETING, "The server does not greet as " + kind + " server does.", serverReply);
    }

    /** As it is told of a greeting: what is no reply makes a bad greeting. */
    public RunFailure inGreeting(String kind) {
        return code == FailureCode.BAD_REPLY ? ofGreeting(kind, serverReply) : this;
    }

    public FailureCode code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    /** What the server said, as it said it. */
    public String serverReply() {
        return serverReply;
    }
}
