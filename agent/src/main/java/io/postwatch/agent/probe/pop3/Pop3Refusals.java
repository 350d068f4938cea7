package io.postwatch.agent.probe.pop3;

import io.postwatch.agent.probe.auth.LoginRefusal;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;

/** What an -ERR means, as far as its response code tells (RFC 2449 and 3206). */
final class Pop3Refusals {

    private Pop3Refusals() {}

    /** Of a login, by its words where the code does not tell. */
    static RunFailure ofLogin(Pop3Response response) {
        String said = response.line();
        return switch (response.code()) {
            case "SYS/TEMP" -> LoginRefusal.AUTH_UNAVAILABLE.failure(said);
            case "IN-USE", "LOGIN-DELAY", "SYS/PERM" ->
                of(response, "The server refuses the login", FailureCode.LOGIN_REFUSED);
            case "AUTH" -> LoginRefusal.ofCredentials(said).failure(said);
            default -> LoginRefusal.wordedOr(said, LoginRefusal.LOGIN_REFUSED).failure(said);
        };
    }

    /** Of a command other than a login. */
    static RunFailure of(Pop3Response response, String what, FailureCode withoutCode) {
        String said = response.line();
        return switch (response.code()) {
            case "SYS/TEMP", "IN-USE" ->
                new RunFailure(FailureCode.TEMPORARILY_UNAVAILABLE, what + " and says that this will pass.", said);
            case "LOGIN-DELAY" ->
                new RunFailure(FailureCode.RATE_LIMITED, what + ": it limits how often it may be connected to.", said);
            case "SYS/PERM" -> new RunFailure(FailureCode.PERMANENTLY_REFUSED, what + ", for good.", said);
            default ->
                LoginRefusal.worded(said) == LoginRefusal.RATE_LIMITED
                        ? new RunFailure(
                                FailureCode.RATE_LIMITED, what + ": it limits how often it may be connected to.", said)
                        : new RunFailure(withoutCode, what + ".", said);
        };
    }
}
