package io.postwatch.agent.login;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What is told of a run whose login was refused before and is not tried. Pure. */
public final class LoginFailures {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private LoginFailures() {}

    public static Failure withheld(Instant refusedAt, Instant until) {
        return new Failure(
                FailureCode.LOGIN_WITHHELD,
                null,
                "The server refused this login at " + MINUTE.format(refusedAt) + "; it is tried again after "
                        + MINUTE.format(until) + ", or as soon as the password was entered anew.",
                "");
    }

    public static Failure suspended(Instant since) {
        return new Failure(
                FailureCode.LOGIN_SUSPENDED,
                null,
                "The login is suspended since " + MINUTE.format(since)
                        + ": the server refused it three times in a row. It is tried again as soon as the password was"
                        + " entered anew.",
                "");
    }

    /** A run that went well as far as it went is in error all the same: the login is known not to work. */
    public static ProbeResult judged(ProbeResult withoutLogin, Failure why) {
        return switch (withoutLogin.status()) {
            case OK, WARNING -> withoutLogin.judged(Status.ERROR, why);
            case ERROR, NO_DATA -> withoutLogin;
        };
    }
}
