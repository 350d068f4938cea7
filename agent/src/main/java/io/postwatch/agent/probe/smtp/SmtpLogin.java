package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Credentials;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import java.util.Set;

/** Phase auth (RFC 4954). Says nothing secret where it should not travel. */
final class SmtpLogin {

    /** RFC 5321 bounds a command line; a longer response waits for the server's 334 (RFC 4954, section 4). */
    private static final int MAX_COMMAND = 510;

    private final SmtpChannel channel;
    private final Connection connection;
    private final RunRecorder recorder;
    private final SmtpExtensions extensions;

    SmtpLogin(SmtpChannel channel, Connection connection, RunRecorder recorder, SmtpExtensions extensions) {
        this.channel = channel;
        this.connection = connection;
        this.recorder = recorder;
        this.extensions = extensions;
    }

    void logIn(Login login) throws RunFailure {
        if (connection.protection() == Connection.Protection.UNTRUSTED) {
            recorder.note("The password is withheld: the certificate was judged bad.");
            return;
        }
        recorder.begin(Phase.AUTH);
        boolean plaintext = connection.protection() == Connection.Protection.PLAINTEXT;
        if (plaintext && !login.allowPlaintext()) {
            throw new RunFailure(
                    FailureCode.AUTH_NEEDS_TLS,
                    "The password was not sent: the connection is not encrypted and the monitor does not allow that.");
        }
        AuthMechanism mechanism = choose(login, plaintext);
        recorder.authMechanism(mechanism);
        Credentials credentials = Credentials.of(login);
        judge(
                switch (mechanism) {
                    case PLAIN -> plain(credentials);
                    case LOGIN -> login(credentials);
                });
        recorder.end();
    }

    private AuthMechanism choose(Login login, boolean plaintext) throws RunFailure {
        Set<String> offered = extensions.authMechanisms();
        AuthMechanism wanted = login.mechanism();
        for (AuthMechanism mechanism : AuthMechanism.values()) {
            if ((wanted == null || wanted == mechanism) && offered.contains(mechanism.name())) {
                return mechanism;
            }
        }
        if (offered.isEmpty() && plaintext && extensions.offers("STARTTLS")) {
            throw new RunFailure(FailureCode.AUTH_NEEDS_TLS, "The server offers a login only after STARTTLS.");
        }
        throw new RunFailure(
                FailureCode.MECHANISM_NOT_OFFERED,
                offered.isEmpty()
                        ? "The server offers no login."
                        : "The server does not offer "
                                + (wanted == null ? "PLAIN or LOGIN" : wanted.name())
                                + ", only "
                                + recorder.shown(String.join(", ", offered), 200)
                                + ".");
    }

    private SmtpReply plain(Credentials credentials) throws RunFailure {
        String response = credentials.plainResponse();
        String command = "AUTH PLAIN " + response;
        SmtpReply reply;
        if (command.length() <= MAX_COMMAND) {
            channel.sendHidden(command, "AUTH PLAIN [credentials]");
            reply = channel.receive();
        } else {
            channel.send("AUTH PLAIN");
            reply = channel.receive();
        }
        if (reply.code() == 334) {
            // Also the answer of a server that overlooks an initial response.
            channel.sendHidden(response, "[credentials]");
            reply = channel.receive();
        }
        return reply;
    }

    private SmtpReply login(Credentials credentials) throws RunFailure {
        channel.send("AUTH LOGIN");
        SmtpReply reply = channel.receive();
        if (reply.code() == 334) {
            channel.sendHidden(credentials.username(), "[username]");
            reply = channel.receive();
        }
        if (reply.code() == 334) {
            channel.sendHidden(credentials.password(), "[password]");
            reply = channel.receive();
        }
        return reply;
    }

    private void judge(SmtpReply reply) throws RunFailure {
        if (reply.code() == 235) {
            return;
        }
        if (reply.code() == 334) {
            // Ends the exchange (RFC 4954, section 4), so that QUIT is heard as a command.
            channel.send("*");
            channel.receive();
            throw new RunFailure(
                    FailureCode.BAD_REPLY, "The server asks for more after everything was said.", reply.text());
        }
        String said = reply.text();
        throw switch (reply.code()) {
            case 454 ->
                new RunFailure(FailureCode.AUTH_UNAVAILABLE, "The server can't check logins at the moment.", said);
            case 504 ->
                new RunFailure(
                        FailureCode.MECHANISM_NOT_OFFERED,
                        "The server offers the mechanism but does not know it.",
                        said);
            case 530, 538 -> new RunFailure(FailureCode.AUTH_NEEDS_TLS, "The server wants TLS before a login.", said);
            case 534, 535, 550, 554 ->
                reply.hasEnhancedCode("5.7.139")
                        ? new RunFailure(
                                FailureCode.BASIC_AUTH_DISABLED,
                                "The server no longer accepts passwords for this mailbox.",
                                said)
                        : new RunFailure(FailureCode.LOGIN_REFUSED, "The server refused username or password.", said);
            default -> channel.refused(reply, "The server refuses the login");
        };
    }
}
