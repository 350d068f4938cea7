package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.auth.LoginRefusal;
import io.postwatch.agent.probe.net.RunFailure;
import java.util.Locale;

/**
 * What a reply means that ends an AUTH command without a login (RFC 4954, section 6): by its code, its enhanced status
 * and, where these don't tell, its words.
 *
 * <p>A refusal is not always about the password: Postfix answers 535 when what it checks passwords against is dead, too,
 * and words it as its SASL library does, or not at all.
 */
final class SmtpLoginRefusals {

    private SmtpLoginRefusals() {}

    /** @param reply of a code from 400 on */
    static RunFailure of(SmtpReply reply) {
        return meaning(reply).failure(reply.text());
    }

    private static LoginRefusal meaning(SmtpReply reply) {
        if (reply.tellsOfRateLimit()) {
            return LoginRefusal.RATE_LIMITED;
        }
        String enhanced = reply.enhancedCode();
        return switch (enhanced) {
            case "5.7.9", "5.7.30" -> LoginRefusal.BASIC_AUTH_DISABLED;
            case "5.7.139" -> microsoft(reply);
            case "5.7.10", "5.7.11" -> LoginRefusal.AUTH_NEEDS_TLS;
            case "5.7.4" -> LoginRefusal.MECHANISM_NOT_OFFERED;
            default -> byCode(reply, enhanced);
        };
    }

    private static LoginRefusal byCode(SmtpReply reply, String enhanced) {
        LoginRefusal unworded = switch (reply.code()) {
            case 421 -> LoginRefusal.TEMPORARILY_UNAVAILABLE;
            // A password has to be said in the clear once before this mechanism works (RFC 4954, section 6).
            case 432 -> LoginRefusal.LOGIN_REFUSED;
            case 435, 454 -> LoginRefusal.AUTH_UNAVAILABLE;
            case 504 -> LoginRefusal.MECHANISM_NOT_OFFERED;
            case 523, 530, 538 -> LoginRefusal.AUTH_NEEDS_TLS;
            case 534, 535, 550, 554 -> LoginRefusal.LOGIN_REFUSED;
            default ->
                reply.isTransient()
                        ? enhanced.equals("4.7.0")
                                ? LoginRefusal.AUTH_UNAVAILABLE
                                : LoginRefusal.TEMPORARILY_UNAVAILABLE
                        : LoginRefusal.NOT_UNDERSTOOD;
        };
        return switch (unworded) {
            case LOGIN_REFUSED, NOT_UNDERSTOOD -> LoginRefusal.wordedOr(reply.text(), unworded);
            case BASIC_AUTH_DISABLED,
                    RATE_LIMITED,
                    AUTH_UNAVAILABLE,
                    AUTH_NEEDS_TLS,
                    MECHANISM_NOT_OFFERED,
                    TEMPORARILY_UNAVAILABLE -> unworded;
        };
    }

    /** 5.7.139 of Microsoft 365 is about what the tenant's policy forbids, but also about a wrong password. */
    private static LoginRefusal microsoft(SmtpReply reply) {
        return reply.text().toLowerCase(Locale.ROOT).contains("credentials were incorrect")
                ? LoginRefusal.LOGIN_REFUSED
                : LoginRefusal.BASIC_AUTH_DISABLED;
    }
}
