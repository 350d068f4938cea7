package io.postwatch.agent.probe.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImapLoginRefusalsTest {

    /** In the words of Dovecot, Cyrus, Courier, James, Stalwart, Exchange, Microsoft 365, Gmail, Yahoo and RFC 5530. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NO [AUTHENTICATIONFAILED] Authentication failed. | LOGIN_REFUSED",
                "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure) | LOGIN_REFUSED",
                "NO [authorizationfailed] No such authorization-ID | LOGIN_REFUSED",
                "NO [EXPIRED] That password isn't valid any more | LOGIN_REFUSED",
                "NO [ALERT] Please log in via your web browser: https://support.google.com/mail/ (Failure) | LOGIN_REFUSED",
                "NO LOGIN failed. | LOGIN_REFUSED",
                "NO authentication failure | LOGIN_REFUSED",
                "NO Login failed: authentication failure | LOGIN_REFUSED",
                "NO LOGIN failed. Invalid login/password. | LOGIN_REFUSED",
                "NO | LOGIN_REFUSED",
                "NO [ALERT] Application-specific password required: https://support.google.com/ | BASIC_AUTH_DISABLED",
                "NO [AUTHENTICATIONFAILED] Application-specific password required | BASIC_AUTH_DISABLED",
                "NO Basic authentication is disabled. | BASIC_AUTH_DISABLED",
                "NO AUTHENTICATE failed: LogonDenied-BasicAuthBlocked | BASIC_AUTH_DISABLED",
                "NO [UNAVAILABLE] Temporary authentication failure. [mail.example.org:2026-11-22] | AUTH_UNAVAILABLE",
                "NO Temporary authentication failure. | AUTH_UNAVAILABLE",
                "NO Temporary problem, please try again later | AUTH_UNAVAILABLE",
                "NO Login failed: generic failure | AUTH_UNAVAILABLE",
                "NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure connections. | AUTH_NEEDS_TLS",
                "NO Login only available under a layer | AUTH_NEEDS_TLS",
                "BAD [ALERT] Plaintext authentication not allowed without SSL/TLS | AUTH_NEEDS_TLS",
                "NO Unsupported authentication mechanism. | MECHANISM_NOT_OFFERED",
                "NO LOGIN command is disabled, use AUTHENTICATE | MECHANISM_NOT_OFFERED",
                "NO Server error - cannot contact LDAP server | AUTH_UNAVAILABLE",
                "NO no mechanism available | MECHANISM_NOT_OFFERED",
                "BAD Unknown SASL mechanism | MECHANISM_NOT_OFFERED",
                "NO [AUTHENTICATIONFAILED] Plaintext authentication disallowed on non-secure connections. | AUTH_NEEDS_TLS",
                "NO [ALERT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"
                        + " | RATE_LIMITED",
                "NO [LIMIT] Too many sessions | RATE_LIMITED",
                "NO [THROTTLED] Slow down | RATE_LIMITED",
                "NO [ALERT] Too many simultaneous connections. (Failure) | RATE_LIMITED",
                "NO [INUSE] Mailbox in use | TEMPORARILY_UNAVAILABLE",
                "NO [SERVERBUG] Oops | TEMPORARILY_UNAVAILABLE",
                "BAD Command received in Invalid state. | PERMANENTLY_REFUSED",
                "BAD | PERMANENTLY_REFUSED"
            })
    void tellsWhyThereIsNoLogin(String end, FailureCode code) throws RunFailure {
        ImapResponseParser parser = new ImapResponseParser();
        @Nullable ImapResponse response = null;
        for (byte next : ("p2 " + end + "\r\n").getBytes(StandardCharsets.UTF_8)) {
            response = parser.accept(next);
        }

        RunFailure failure = ImapLoginRefusals.of((ImapResponse.Tagged) Objects.requireNonNull(response));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.serverReply()).isEqualTo("p2 " + end);
    }
}
