package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a server does not log in, in the words of its people: for replies of which neither code nor response code tells. The
 * wordings are those of the servers' sources and documents. Pure.
 */
public enum LoginRefusal {
    /** Passwords, or this kind of password, are no longer taken. Microsoft 365, Exchange and Gmail. */
    BASIC_AUTH_DISABLED(
            FailureCode.BASIC_AUTH_DISABLED,
            "The server does not take this password for mail: it wants an application password or an access token.",
            "basic authentication is (?:disabled|not supported)",
            "smtpclientauthentication is disabled",
            "basicauth(?:blocked|disabled)",
            "application-specific password required",
            "locked by your organization's security defaults"),
    /** Too many logins or connections, of us or of all. */
    RATE_LIMITED(
            FailureCode.RATE_LIMITED,
            "The server refuses the login: it limits how often one may log in.",
            "too many (?:\\S+ ){0,2}(?:log[- ]?ins?|auth\\S*|attempts|connections|sessions)",
            "concurrent connections limit exceeded",
            "maximum number of (?:\\S+ )?connections",
            "\\brate[- ]?limit",
            "throttl"),
    /** What the server checks passwords against is not there. */
    AUTH_UNAVAILABLE(
            FailureCode.AUTH_UNAVAILABLE,
            "The server can't check logins at the moment.",
            "temporary (?:authentication |system |server |internal )?(?:failure|problem|error)",
            "internal (?:error|login failure)",
            "unable to authenticate at present",
            "connection lost to authentication server",
            "cannot connect to (?:saslauthd|authentication)",
            "(?:cannot|can't|could not|unable to) (?:contact|reach) ",
            "(?:authentication|login) failed: generic failure"),
    /** The server takes no password without encryption. */
    AUTH_NEEDS_TLS(
            FailureCode.AUTH_NEEDS_TLS,
            "The server wants TLS before a login.",
            "only available under a layer",
            "plaintext authentication (?:is )?(?:disallowed|not allowed|disabled)",
            "encryption (?:is )?(?:required|needed)",
            "must (?:first )?issue (?:a )?starttls"),
    /** The server, or the user's entry in it, doesn't know the mechanism. */
    MECHANISM_NOT_OFFERED(
            FailureCode.MECHANISM_NOT_OFFERED,
            "The server does not take this way of logging in.",
            "no mechanism available",
            "(?:unsupported|unrecogni[sz]ed|unknown) (?:authentication|sasl) (?:mechanism|type|method)",
            "mechanism \\S+ not (?:available|supported)",
            "authentication not enabled",
            "(?:unknown|unrecogni[sz]ed|unimplemented) command",
            "command (?:is )?(?:disabled|not (?:recogni[sz]ed|implemented|known|enabled))",
            "when not advertised"),
    /** Username, password or token are wrong. */
    LOGIN_REFUSED(FailureCode.LOGIN_REFUSED, "The server refused username or password, or the access token."),
    /** Nothing that has to do with a login. */
    NOT_UNDERSTOOD(FailureCode.PERMANENTLY_REFUSED, "The server does not understand the login."),
    /** The server as a whole, for now. */
    TEMPORARILY_UNAVAILABLE(
            FailureCode.TEMPORARILY_UNAVAILABLE, "The server refuses the login and says that this will pass.");

    private final FailureCode code;
    private final String sentence;
    private final @Nullable Pattern wordings;

    LoginRefusal(FailureCode code, String sentence, String... wordings) {
        this.code = code;
        this.sentence = sentence;
        this.wordings = wordings.length == 0 ? null : Pattern.compile(String.join("|", wordings));
    }

    /** What that text tells; null where it says nothing that is known. */
    public static @Nullable LoginRefusal worded(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (LoginRefusal refusal : values()) {
            if (refusal.wordings != null && refusal.wordings.matcher(lower).find()) {
                return refusal;
            }
        }
        return null;
    }

    /** As {@link #worded}, and the other where the text says nothing that is known. */
    public static LoginRefusal wordedOr(String text, LoginRefusal other) {
        LoginRefusal worded = worded(text);
        return worded == null ? other : worded;
    }

    /**
     * What a reply means whose code says that the credentials were refused: that, unless its words say that they were not
     * looked at.
     */
    public static LoginRefusal ofCredentials(String text) {
        LoginRefusal worded = worded(text);
        return worded == BASIC_AUTH_DISABLED || worded == AUTH_NEEDS_TLS ? worded : LOGIN_REFUSED;
    }

    /** The failure that becomes of it. */
    public RunFailure failure(String said) {
        return new RunFailure(code, sentence, said);
    }
}
