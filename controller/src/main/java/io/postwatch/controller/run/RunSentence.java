package io.postwatch.controller.run;

import io.postwatch.controller.shared.FailureCode;
import java.time.Duration;
import java.util.Locale;

/** One sentence for people about a run. The only place where such sentences are made. */
public final class RunSentence {
    private static final int MAX_REPLY = 200;
    private static final long MILLIS_SHOWN_BELOW = 1_000;

    private RunSentence() {}

    /** For example {@code OK in 184 ms} or {@code Login refused: the server said “535 5.7.8 authentication failed”}. */
    public static String of(RunRecord run) {
        RunFailure failure = run.failure();
        return failure == null ? "OK in " + duration(run.total()) : failed(failure);
    }

    /** Why a run was not OK: what it is, and what the server said or the prober found. */
    public static String failed(RunFailure failure) {
        String reply = firstLine(failure.serverReply());
        if (!reply.isEmpty()) {
            return headline(failure.code()) + ": the server said “" + reply + "”";
        }
        return failure.message().isBlank() ? headline(failure.code()) : failure.message();
    }

    /** Rounded: {@code 184 ms} below a second, {@code 2.7 s} from there. */
    public static String duration(Duration duration) {
        long millis = Math.round(duration.toNanos() / 1e6);
        return millis < MILLIS_SHOWN_BELOW
                ? millis + " ms"
                : String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    /** What a failure code means, as the beginning of a sentence. */
    public static String headline(FailureCode code) {
        return switch (code) {
            case NAME_NOT_FOUND -> "Host name not found";
            case NO_ADDRESS -> "The host name has no address";
            case DNS_TIMEOUT -> "The name servers did not answer in time";
            case DNS_FAILURE -> "The name servers failed";
            case CONNECTION_REFUSED -> "Connection refused";
            case CONNECT_TIMEOUT -> "No connection within the time limit";
            case HOST_UNREACHABLE -> "Host unreachable";
            case NETWORK_UNREACHABLE -> "Network unreachable";
            case CONNECTION_RESET -> "Connection reset";
            case HANDSHAKE_FAILED -> "TLS handshake failed";
            case HANDSHAKE_TIMEOUT -> "TLS handshake not finished within the time limit";
            case PROTOCOL_VERSION -> "No common TLS version";
            case NO_COMMON_CIPHER -> "No common TLS cipher suite";
            case ALERT -> "The server ended TLS with an alert";
            case EXPIRED -> "Certificate expired";
            case NOT_YET_VALID -> "Certificate not yet valid";
            case NAME_MISMATCH -> "The certificate is for another name";
            case SELF_SIGNED -> "Self-signed certificate";
            case UNTRUSTED -> "Certificate not trusted";
            case INCOMPLETE_CHAIN -> "The server leaves out an intermediate certificate";
            case WEAK -> "Weak certificate";
            case EXPIRES_SOON -> "Certificate expires soon";
            case STARTTLS_NOT_OFFERED -> "STARTTLS not offered";
            case STARTTLS_REFUSED -> "STARTTLS refused";
            case STARTTLS_INJECTION -> "Plain text came in behind the STARTTLS reply";
            case PREAUTH -> "The server skipped STARTTLS by PREAUTH";
            case BAD_GREETING -> "Unexpected greeting";
            case BAD_REPLY -> "Unexpected reply";
            case REPLY_TOO_LONG -> "Reply too long";
            case UNEXPECTED_CLOSE -> "The server closed the connection";
            case EXPECTATION_NOT_MET -> "The server did not say what was expected";
            case TEMPORARILY_UNAVAILABLE -> "Service temporarily unavailable";
            case PERMANENTLY_REFUSED -> "Service refused";
            case GREYLISTED -> "Greylisted";
            case RATE_LIMITED -> "Rate limited by the server";
            case LOGIN_REFUSED -> "Login refused";
            case MECHANISM_NOT_OFFERED -> "Login mechanism not offered";
            case AUTH_NEEDS_TLS -> "TLS is needed before the login";
            case AUTH_UNAVAILABLE -> "Login temporarily not possible";
            case BASIC_AUTH_DISABLED -> "Login with a password is disabled";
            case TOKEN_EXPIRED -> "The login's token has expired";
            case LOGIN_WITHHELD -> "Login refused before and not tried again yet";
            case LOGIN_SUSPENDED -> "Login suspended after three refusals";
            case TIMEOUT -> "No answer within the time limit";
            case SLOW -> "Slow";
            case ADDRESS_DENIED -> "The agent may not connect to this address";
            case PORT_DENIED -> "The agent may not connect to this port";
            case NEEDS_VERIFICATION -> "The domain is not verified yet";
            case OVERLOADED -> "The agent is overloaded";
            case SKIPPED -> "The agent skipped the run";
            case NO_EGRESS -> "The agent itself has no way out";
            case INTERNAL_ERROR -> "The agent failed";
            case LOCAL_SECRET_UNAVAILABLE -> "The agent's host could not give the secret to log in with";
        };
    }

    private static String firstLine(String reply) {
        String line = reply.strip().lines().findFirst().orElse("").strip();
        return line.codePointCount(0, line.length()) <= MAX_REPLY
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_REPLY)) + "…";
    }
}
