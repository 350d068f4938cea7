package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import java.util.List;
import java.util.Set;

/**
 * The way through a dialogue that all protocols share: greeting, capabilities, TLS and capabilities again, login, what the
 * protocol has behind it; up to the point where the request stops. One per attempt, used by the run's thread.
 */
final class DialogueWalk {

    /** RFC 8314, section 3.2. */
    private static final Set<Integer> TLS_FROM_THE_START = Set.of(465, 993, 995);

    private final ProbeRequest request;
    private final Dialogue dialogue;
    private final Connection connection;
    private final Step handshake;
    private final RunRecorder recorder;

    /** @param handshake puts TLS on the connection and judges the chain */
    DialogueWalk(ProbeRequest request, Dialogue dialogue, Connection connection, Step handshake, RunRecorder recorder) {
        this.request = request;
        this.dialogue = dialogue;
        this.connection = connection;
        this.handshake = handshake;
        this.recorder = recorder;
    }

    /** Something that either works or ends the run. */
    @FunctionalInterface
    interface Step {

        void take() throws RunFailure;
    }

    void walk() throws RunFailure {
        Security security = request.target().security();
        StopPoint stop = request.stopAfter();
        if (security == Security.TLS) {
            handshake.take();
        }
        take(Phase.GREETING, this::hearGreeting);
        if (stop == StopPoint.GREETING) {
            return;
        }
        take(Phase.CAPABILITY, dialogue::askCapabilities);
        if (stop == StopPoint.CAPABILITY) {
            return;
        }
        if (security == Security.STARTTLS) {
            take(Phase.STARTTLS, this::agreeOnTls);
            // Whatever was told in the clear somebody in between may have said.
            recorder.capabilities(List.of());
            handshake.take();
            if (stop == StopPoint.STARTTLS
                    && request.expectations().capabilities().isEmpty()) {
                return;
            }
            take(Phase.CAPABILITY, dialogue::askCapabilities);
            if (stop == StopPoint.STARTTLS) {
                return;
            }
        }
        Login login = request.login();
        if (login != null) {
            dialogue.logIn(login);
        }
        boolean withheld = login != null && connection.protection() == Connection.Protection.UNTRUSTED;
        if (!withheld) {
            dialogue.goOn();
        }
    }

    private void hearGreeting() throws RunFailure {
        try {
            dialogue.greet();
        } catch (RunFailure stopped) {
            throw withHint(stopped, request.target());
        }
    }

    /** Whoever waits for a handshake says nothing to a client that waits for a greeting. */
    static RunFailure withHint(RunFailure stopped, Target target) {
        boolean silent = stopped.code() == FailureCode.TIMEOUT || stopped.code() == FailureCode.UNEXPECTED_CLOSE;
        if (!silent || target.security() == Security.TLS || !TLS_FROM_THE_START.contains(target.port())) {
            return stopped;
        }
        return new RunFailure(
                stopped.code(),
                stopped.message() + " On port " + target.port()
                        + " servers mostly expect TLS from the start, without which this monitor begins.",
                stopped.serverReply());
    }

    private void take(Phase phase, Step step) throws RunFailure {
        recorder.begin(phase);
        step.take();
        recorder.end();
    }

    /** TLS was asked for by the monitor and is required: without it nothing more is said. */
    private void agreeOnTls() throws RunFailure {
        String command = dialogue.tlsCommand();
        switch (dialogue.askForTls()) {
            case Dialogue.TlsAnswer.Agreed(String reply) -> refuseInjection(command, reply);
            case Dialogue.TlsAnswer.NotOffered(String reply) ->
                throw new RunFailure(
                        FailureCode.STARTTLS_NOT_OFFERED,
                        "The server does not offer " + command + ", which this monitor requires.",
                        reply);
            case Dialogue.TlsAnswer.Refused(String reply) ->
                throw new RunFailure(
                        FailureCode.STARTTLS_REFUSED,
                        "The server offers " + command + " but refuses to start it.",
                        reply);
        }
    }

    /** What lies in the plain-text buffer behind the reply would be read as if it had come through TLS (CVE-2011-0411). */
    private void refuseInjection(String command, String reply) throws RunFailure {
        if (connection.hasUnread()) {
            connection.abandon();
            throw new RunFailure(
                    FailureCode.STARTTLS_INJECTION,
                    "Behind the reply to " + command
                            + " came more plain text: somebody in between may have put it there.",
                    reply);
        }
    }
}
