package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.auth.LoginRefusal;
import io.postwatch.agent.probe.net.RunFailure;

/**
 * What a NO or BAD means that ends a login: by its response code (RFC 5530) and, where that does not tell, its words.
 */
final class ImapLoginRefusals {

    private ImapLoginRefusals() {}

    static RunFailure of(ImapResponse.Tagged end) {
        return meaning(end).failure(end.line());
    }

    private static LoginRefusal meaning(ImapResponse.Tagged end) {
        return switch (ImapResponse.codeOf(end.text())) {
            case "PRIVACYREQUIRED" -> LoginRefusal.AUTH_NEEDS_TLS;
            case "UNAVAILABLE" -> LoginRefusal.AUTH_UNAVAILABLE;
            case "INUSE", "SERVERBUG" -> LoginRefusal.TEMPORARILY_UNAVAILABLE;
            // THROTTLED is not registered; Yahoo and Gmail say it.
            case "LIMIT", "THROTTLED" -> LoginRefusal.RATE_LIMITED;
            case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED" -> LoginRefusal.ofCredentials(end.text());
            default ->
                LoginRefusal.wordedOr(
                        end.text(),
                        end.completion() == ImapResponse.Completion.NO
                                ? LoginRefusal.LOGIN_REFUSED
                                : LoginRefusal.NOT_UNDERSTOOD);
        };
    }
}
