package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.auth.LoginRefusal;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.util.Set;

/** What a command that ended in NO or BAD means, as far as its response code tells (RFC 5530). */
final class ImapRefusals {

    private static final Set<String> PASSING = Set.of("UNAVAILABLE", "INUSE", "SERVERBUG");

    private ImapRefusals() {}

    /** What a BYE means that nobody asked for. */
    static RunFailure ofBye(ImapResponse bye, String what) {
        return LoginRefusal.worded(bye.line()) == LoginRefusal.RATE_LIMITED
                ? new RunFailure(
                        FailureCode.RATE_LIMITED, what + ": it limits how often it may be connected to.", bye.line())
                : new RunFailure(FailureCode.TEMPORARILY_UNAVAILABLE, what + ".", bye.line());
    }

    static RunFailure of(ImapResponse.Tagged end, String what) {
        String code = ImapResponse.codeOf(end.text());
        String said = end.line();
        if (PASSING.contains(code)) {
            return new RunFailure(FailureCode.TEMPORARILY_UNAVAILABLE, what + " and says that this will pass.", said);
        }
        if (code.equals("LIMIT")) {
            return new RunFailure(
                    FailureCode.RATE_LIMITED, what + ": it limits how often it may be connected to.", said);
        }
        return new RunFailure(FailureCode.PERMANENTLY_REFUSED, what + ".", said);
    }
}
