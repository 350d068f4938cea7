package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.net.TlsUpgrade;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;

/** One SMTP session: greeting, EHLO, STARTTLS and EHLO again, login, the test of a recipient, QUIT. */
public final class SmtpDialogue implements Dialogue {

    private final SmtpRequest request;
    private final String ehloName;
    private final Connection connection;
    private final TlsUpgrade upgrade;
    private final RunRecorder recorder;
    private final SmtpChannel channel;
    private final RecipientTest recipientTest;
    private SmtpExtensions extensions = SmtpExtensions.NONE;

    /**
     * Prepares the session on a connection; TLS from the first byte, where the request asks for it, is up already.
     *
     * @param ehloName the agent's own name, or its address
     */
    public SmtpDialogue(
            SmtpRequest request, MailHost ehloName, Connection connection, TlsUpgrade upgrade, RunRecorder recorder) {
        this.request = request;
        this.ehloName = domainOf(ehloName);
        this.connection = connection;
        this.upgrade = upgrade;
        this.recorder = recorder;
        this.channel = new SmtpChannel(connection, recorder);
        this.recipientTest = new RecipientTest(channel, recorder);
    }

    @Override
    public void converse() throws RunFailure {
        StopPoint stop = request.stopAfter();
        greet();
        if (stop == StopPoint.GREETING) {
            return;
        }
        introduce();
        if (stop == StopPoint.CAPABILITY) {
            return;
        }
        if (request.target().security() == Security.STARTTLS) {
            startTls();
            if (stop == StopPoint.STARTTLS) {
                return;
            }
            introduce();
        }
        Login login = request.login();
        if (login != null) {
            new SmtpLogin(channel, connection, recorder, extensions).logIn(login);
        }
        MailAddress recipient = request.options().recipient();
        boolean withheld = login != null && connection.protection() == Connection.Protection.UNTRUSTED;
        if (recipient != null && StopPoint.SELECT.isBefore(stop) && !withheld) {
            recipientTest.run(recipient);
        }
    }

    @Override
    public void sayGoodbye() throws RunFailure {
        recipientTest.takeBack();
        channel.send("QUIT");
        channel.receive();
    }

    private void greet() throws RunFailure {
        recorder.begin(Phase.GREETING);
        SmtpReply reply = channel.receiveGreeting();
        if (reply.code() != 220) {
            throw reply.code() >= 400
                    ? channel.refused(reply, "The server greets with a refusal")
                    : new RunFailure(
                            FailureCode.BAD_GREETING,
                            "The server greets with code " + reply.code() + " instead of 220.",
                            reply.text());
        }
        recorder.end();
    }

    /** What the server said before TLS is forgotten: it is asked again. */
    private void introduce() throws RunFailure {
        recorder.begin(Phase.CAPABILITY);
        extensions = SmtpExtensions.NONE;
        channel.send("EHLO " + ehloName);
        SmtpReply reply = channel.receive();
        if (reply.isPositive()) {
            extensions = SmtpExtensions.of(reply);
        } else if (reply.isTransient()) {
            throw channel.refused(reply, "The server refuses EHLO for now");
        } else {
            channel.send("HELO " + ehloName);
            SmtpReply second = channel.receive();
            if (!second.isPositive()) {
                throw channel.refused(second, "The server refuses EHLO and HELO");
            }
        }
        recorder.capabilities(extensions.lines());
        recorder.end();
    }

    /** RFC 3207. */
    private void startTls() throws RunFailure {
        recorder.begin(Phase.STARTTLS);
        if (!extensions.offers("STARTTLS")) {
            throw new RunFailure(
                    FailureCode.STARTTLS_NOT_OFFERED,
                    "The server does not offer STARTTLS, which this monitor requires.");
        }
        channel.send("STARTTLS");
        SmtpReply reply = channel.receive();
        if (reply.code() != 220) {
            throw new RunFailure(
                    FailureCode.STARTTLS_REFUSED, "The server offers STARTTLS but refuses to start it.", reply.text());
        }
        upgrade.secureAfter("STARTTLS", reply.text(), connection, recorder);
    }

    /** RFC 5321, section 4.1.3: who has no name gives its address. */
    private static String domainOf(MailHost host) {
        if (host.literal() == null) {
            return host.text();
        }
        return (host.text().indexOf(':') < 0 ? "[" : "[IPv6:") + host.text() + "]";
    }
}
