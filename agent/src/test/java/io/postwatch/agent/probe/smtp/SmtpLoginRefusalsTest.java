package io.postwatch.agent.probe.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpLoginRefusalsTest {

    /** In the words of Postfix, Exim, OpenSMTPD, Sendmail, Exchange, Microsoft 365, Gmail, Yahoo and the RFCs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "535 5.7.8 Error: authentication failed: authentication failure | LOGIN_REFUSED",
                "535 5.7.8 Error: authentication failed: (reason unavailable) | LOGIN_REFUSED",
                "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6 | LOGIN_REFUSED",
                "535 Incorrect authentication data | LOGIN_REFUSED",
                "535 Authentication failed | LOGIN_REFUSED",
                "535 5.7.0 authentication failed | LOGIN_REFUSED",
                "535 5.7.8 Authentication credentials invalid. | LOGIN_REFUSED",
                "535 5.7.3 Authentication unsuccessful | LOGIN_REFUSED",
                "535-5.7.8 Username and Password not accepted. For more information, go to | LOGIN_REFUSED",
                "535 5.7.0 (#AUTH005) Too many bad auth attempts. | RATE_LIMITED",
                "534-5.7.14 <https://accounts.google.com/signin/continue?plt=AKgnsb> Please log in via your web browser and"
                        + " then try again. | LOGIN_REFUSED",
                "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. | LOGIN_REFUSED",
                "432 4.7.12 A password transition is needed | LOGIN_REFUSED",
                "550 5.7.1 No such account | LOGIN_REFUSED",
                "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. | BASIC_AUTH_DISABLED",
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit"
                        + " https://aka.ms/smtp_auth_disabled for more information. | BASIC_AUTH_DISABLED",
                "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."
                        + " Contact your administrator. | BASIC_AUTH_DISABLED",
                "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated"
                        + " successfully. Contact your administrator. | BASIC_AUTH_DISABLED",
                "535 5.7.3 Authentication unsuccessful, BasicAuthBlocked | BASIC_AUTH_DISABLED",
                "550 5.7.30 Basic authentication is not supported for Client Submission. | BASIC_AUTH_DISABLED",
                "534-5.7.9 Application-specific password required. For more information, go to | BASIC_AUTH_DISABLED",
                "534 5.7.9 Authentication mechanism is too weak | BASIC_AUTH_DISABLED",
                "535 Basic authentication is disabled | BASIC_AUTH_DISABLED",
                "454 4.7.0 Temporary authentication failure | AUTH_UNAVAILABLE",
                "454 4.7.0 Temporary authentication failure: Connection lost to authentication server | AUTH_UNAVAILABLE",
                "451 4.7.0 Temporary server error. Please try again later. PRX2 | AUTH_UNAVAILABLE",
                "435 Unable to authenticate at present | AUTH_UNAVAILABLE",
                "435 Unable to authenticate at present: cannot connect to saslauthd | AUTH_UNAVAILABLE",
                "535 5.7.8 Error: authentication failed: Connection lost to authentication server | AUTH_UNAVAILABLE",
                "535 5.7.8 Error: authentication failed: generic failure | AUTH_UNAVAILABLE",
                "535 5.7.0 Internal error | AUTH_UNAVAILABLE",
                "538 5.7.11 Encryption required for requested authentication mechanism | AUTH_NEEDS_TLS",
                "530 5.7.0 Must issue a STARTTLS command first | AUTH_NEEDS_TLS",
                "523 5.7.10 Encryption Needed | AUTH_NEEDS_TLS",
                "550 5.7.11 TLS, please | AUTH_NEEDS_TLS",
                "535 Encryption required | AUTH_NEEDS_TLS",
                "504 5.5.4 Unrecognized authentication type | MECHANISM_NOT_OFFERED",
                "504 5.7.4 Unrecognized authentication type | MECHANISM_NOT_OFFERED",
                "504 5.3.3 AUTH mechanism PLAIN not available | MECHANISM_NOT_OFFERED",
                "535 5.7.8 Error: authentication failed: no mechanism available | MECHANISM_NOT_OFFERED",
                "535 5.7.8 Error: authentication failed: Unsupported authentication mechanism | MECHANISM_NOT_OFFERED",
                "503 5.5.1 Error: authentication not enabled | MECHANISM_NOT_OFFERED",
                "503 AUTH command used when not advertised | MECHANISM_NOT_OFFERED",
                "454 4.7.0 Too many login attempts, please try again later. | RATE_LIMITED",
                "432 4.3.2 Concurrent connections limit exceeded. | RATE_LIMITED",
                "421 4.7.0 mail.example.org Error: too many connections from 192.0.2.1 | RATE_LIMITED",
                "421 4.7.28 Gmail has detected an unusual rate | RATE_LIMITED",
                "421 4.7.0 Try again later, closing connection. | TEMPORARILY_UNAVAILABLE",
                "421 4.3.2 Service not available | TEMPORARILY_UNAVAILABLE",
                "451 4.3.0 Mail server temporarily rejected message. | TEMPORARILY_UNAVAILABLE",
                "500 5.5.2 Syntax error | PERMANENTLY_REFUSED",
                "503 5.5.1 Invalid command: Command not supported | PERMANENTLY_REFUSED",
                "501 5.5.4 Syntax: AUTH mechanism | PERMANENTLY_REFUSED"
            })
    void tellsWhyThereIsNoLogin(String reply, FailureCode code) throws RunFailure {
        RunFailure failure = SmtpLoginRefusals.of(parsed(reply));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.serverReply()).startsWith(reply.substring(0, 3)).contains(reply.substring(4));
    }

    private static SmtpReply parsed(String reply) throws RunFailure {
        SmtpReplyParser parser = new SmtpReplyParser();
        SmtpReply parsed = parser.accept(reply.getBytes(StandardCharsets.UTF_8));
        return parsed != null
                ? parsed
                : Objects.requireNonNull(
                        parser.accept((reply.substring(0, 3) + " the end").getBytes(StandardCharsets.UTF_8)));
    }
}
