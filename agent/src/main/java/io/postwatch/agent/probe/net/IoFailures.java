package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads what the JDK says when something goes wrong on a socket. It often says it in words only. */
public final class IoFailures {

    private static final Pattern ALERT = Pattern.compile("[Rr]eceived (?:fatal|warning) alert: ([a-z_]{1,40})");

    private IoFailures() {}

    /** Whether a run was ended from outside: its deadline cancelled, or its thread interrupted. */
    public static boolean isCancelled(Deadline deadline) {
        return deadline.isCancelled() || Thread.currentThread().isInterrupted();
    }

    /** The run was ended from outside. */
    public static RunFailure cancelled() {
        return new RunFailure(FailureCode.SKIPPED, "The run was cancelled.");
    }

    /**
     * Why a connect failed. A {@code ConnectException} alone tells nothing: the JDK throws it for errors of several kinds.
     */
    static FailureCode ofConnect(IOException e) {
        if (e instanceof SocketTimeoutException || SystemError.TIMED_OUT.isSaidBy(e)) {
            return FailureCode.CONNECT_TIMEOUT;
        }
        if (e instanceof NoRouteToHostException
                || SystemError.HOST_UNREACHABLE.isSaidBy(e)
                || SystemError.HOST_DOWN.isSaidBy(e)) {
            return FailureCode.HOST_UNREACHABLE;
        }
        if (SystemError.NETWORK_UNREACHABLE.isSaidBy(e)) {
            return FailureCode.NETWORK_UNREACHABLE;
        }
        if (SystemError.RESET.isSaidBy(e)) {
            return FailureCode.CONNECTION_RESET;
        }
        if (SystemError.REFUSED.isSaidBy(e)) {
            return FailureCode.CONNECTION_REFUSED;
        }
        // Blame needs a known reason. The rest is this machine: no address to connect from, no permission, no socket
        // left.
        return FailureCode.NO_EGRESS;
    }

    /** Why reading or writing failed on a connection that stood. */
    static RunFailure ofConnection(IOException e, Deadline deadline) {
        if (isCancelled(deadline)) {
            return cancelled();
        }
        if (deadline.isPassed()) {
            return new RunFailure(FailureCode.TIMEOUT, "The server did not answer within the time of the run.");
        }
        if (e instanceof TooMuchException tooMuch) {
            return new RunFailure(FailureCode.REPLY_TOO_LONG, String.valueOf(tooMuch.getMessage()));
        }
        String alert = alertOf(e);
        if (alert != null) {
            return new RunFailure(FailureCode.ALERT, "The server ended TLS with the alert " + alert + ".");
        }
        if (e instanceof SSLException && !messageOf(e).contains("connection reset")) {
            return new RunFailure(
                    FailureCode.HANDSHAKE_FAILED, "What the server sent inside TLS can't be read: " + e.getMessage());
        }
        return new RunFailure(FailureCode.CONNECTION_RESET, "The connection was reset.");
    }

    /** The name of the alert with which the other side ended TLS; null where it was not that. */
    public static @Nullable String alertOf(IOException e) {
        Matcher alert = ALERT.matcher(String.valueOf(e.getMessage()));
        return alert.find() ? alert.group(1) : null;
    }

    private static String messageOf(IOException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }
}
