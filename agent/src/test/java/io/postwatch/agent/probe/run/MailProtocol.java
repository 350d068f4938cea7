package io.postwatch.agent.probe.run;

import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.util.List;

/** A protocol, with what its dialogue says where all of them do the same. */
enum MailProtocol {
    SMTP("220 ", "AUTH PLAIN LOGIN", "535 5.7.8 Authentication credentials invalid"),
    IMAP("* OK ", "AUTH=PLAIN", "NO [AUTHENTICATIONFAILED] Authentication failed"),
    POP3("+OK ", "SASL PLAIN LOGIN", "-ERR [AUTH] Authentication failed");

    private final String greeting;
    private final String offer;
    private final String refusal;

    MailProtocol(String greeting, String offer, String refusal) {
        this.greeting = greeting;
        this.offer = offer;
        this.refusal = refusal;
    }

    Script<?> script() {
        return switch (this) {
            case SMTP -> TestServer.smtp();
            case IMAP -> TestServer.imap();
            case POP3 -> TestServer.pop3();
        };
    }

    /** What stands before the text of a greeting. */
    String greeting() {
        return greeting;
    }

    /** What the protocol calls the command that starts TLS. */
    String startTlsCommand() {
        return this == POP3 ? "STLS" : "STARTTLS";
    }

    /** How a server that lets log in says so. */
    String offer() {
        return offer;
    }

    /** What the test server says to a wrong password. */
    String refusal() {
        return refusal;
    }

    /** What the prober says where it neither starts TLS nor logs in. */
    List<String> plainSession() {
        return switch (this) {
            case SMTP -> List.of("EHLO prober.example.net", "QUIT");
            case IMAP -> List.of("p1 CAPABILITY", "p2 LOGOUT");
            case POP3 -> List.of("CAPA", "QUIT");
        };
    }

    /** The command with which the prober takes its leave. */
    String goodbye() {
        return switch (this) {
            case SMTP, POP3 -> "QUIT";
            case IMAP -> "LOGOUT";
        };
    }

    /** The command with which the prober asks what the server can. */
    String capabilityCommand() {
        return switch (this) {
            case SMTP -> "EHLO";
            case IMAP -> "CAPABILITY";
            case POP3 -> "CAPA";
        };
    }
}
