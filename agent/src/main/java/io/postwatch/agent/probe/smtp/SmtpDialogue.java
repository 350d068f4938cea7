package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.auth.AuthPhase;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.Login;

/** One SMTP session: greeting, EHLO, STARTTLS and EHLO again, login, the test of a recipient, QUIT. */
public final class SmtpDialogue implements Dialogue {

    /** RFC 5321, section 4.3.2: of all codes that begin with a 2, a yes to EHLO and HELO is this one. */
    private static final int OK = 250;

    /** RFC 7504: the host takes no mail, whoever asks. */
    private static final int NO_MAIL = 521;

    private final SmtpRequest request;
    private final String ehloName;
    private final Connection connection;
    private final RunRecorder recorder;
    private final SmtpChannel channel;
    private final RecipientTest recipientTest;
    private SmtpExtensions extensions = SmtpExtensions.NONE;

    /**
     * Prepares the session on a connection. TLS from the first byte is up before the greeting is waited for.
     *
     * @param ehloName the agent's own name, or its address
     */
    public SmtpDialogue(SmtpRequest request, MailHost ehloName, Connection connection, RunRecorder recorder) {
        this.request = request;
        this.ehloName = domainOf(ehloName);
        this.connection = connection;
        this.recorder = recorder;
        this.channel = new SmtpChannel(connection, recorder);
        this.recipientTest = new RecipientTest(channel, recorder, request.login() != null);
    }

    @Override
    public void greet() throws RunFailure {
        SmtpReply reply = channel.receiveGreeting();
        if (reply.code() != 220) {
            throw reply.code() >= 400
                    ? channel.refused(reply, "The server greets with a refusal")
                    : new RunFailure(
                            FailureCode.BAD_GREETING,
                            "The server greets with code " + reply.code() + " instead of 220.",
                            reply.text());
        }
    }

    @Override
    public void askCapabilities() throws RunFailure {
        extensions = SmtpExtensions.NONE;
        channel.send("EHLO " + ehloName);
        SmtpReply reply = channel.receive();
        if (reply.code() == OK) {
            extensions = SmtpExtensions.of(reply);
        } else if (reply.code() < 500 || reply.code() == NO_MAIL) {
            throw channel.refused(reply, "The server refuses EHLO");
        } else {
            sayHelo(reply);
        }
        recorder.capabilities(extensions.lines());
    }

    /** Servers older than EHLO take this. What it is refused with tells less than a refusal that ends the session at once. */
    private void sayHelo(SmtpReply toEhlo) throws RunFailure {
        SmtpReply reply;
        try {
            channel.send("HELO " + ehloName);
            reply = channel.receive();
        } catch (RunFailure ended) {
            boolean closed =
                    ended.code() == FailureCode.UNEXPECTED_CLOSE || ended.code() == FailureCode.CONNECTION_RESET;
            throw closed ? channel.refused(toEhlo, "The server refuses EHLO and closes") : ended;
        }
        if (reply.code() != OK) {
            throw channel.refused(reply, "The server refuses EHLO and HELO");
        }
    }

    @Override
    public String tlsCommand() {
        return "STARTTLS";
    }

    /** RFC 3207. */
    @Override
    public TlsAnswer askForTls() throws RunFailure {
        if (!extensions.offers("STARTTLS")) {
            return new TlsAnswer.NotOffered("");
        }
        channel.send("STARTTLS");
        SmtpReply reply = channel.receive();
        if (reply.code() == 421) {
            throw channel.refused(reply, "The server gives up");
        }
        return reply.code() == 220 ? new TlsAnswer.Agreed(reply.text()) : new TlsAnswer.Refused(reply.text());
    }

    @Override
    public void logIn(Login login) throws RunFailure {
        AuthPhase.logIn(login, new SmtpLogin(channel, extensions), connection, recorder);
    }

    /** The test of a recipient. */
    @Override
    public void goOn() throws RunFailure {
        MailAddress recipient = request.options().recipient();
        if (recipient != null && StopPoint.SELECT.isBefore(request.stopAfter())) {
            recipientTest.run(recipient);
        }
    }

    @Override
    public void sayGoodbye() throws RunFailure {
        channel.leaving();
        recipientTest.takeBack();
        channel.send("QUIT");
        channel.receive();
    }

    /** RFC 5321, section 4.1.3: who has no name gives its address. */
    private static String domainOf(MailHost host) {
        if (host.literal() == null) {
            return host.text();
        }
        return (host.text().indexOf(':') < 0 ? "[" : "[IPv6:") + host.text() + "]";
    }
}
