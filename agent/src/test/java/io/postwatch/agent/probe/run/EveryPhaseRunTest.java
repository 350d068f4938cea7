package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that fall silent, hang up or reset the connection, in every phase in which they have something to say. */
@Timeout(60)
class EveryPhaseRunTest {

    private static final String RECIPIENT = "someone@example.org";

    /** Long enough to come to any phase on a busy machine; all runs wait for it at once. */
    private static final Duration LIMIT = Duration.ofSeconds(4);

    /**
     * A moment of the dialogue.
     *
     * @param verb of the command; empty: the greeting
     * @param time how often it came before
     * @param mechanisms that the server offers
     */
    private record Moment(Phase phase, String verb, int time, List<String> mechanisms) {

        private void tell(Script<?> script, Reply reply) {
            if (verb.isEmpty()) {
                script.greeting(reply);
            } else {
                script.onCommand(verb, time == 0 ? new Reply[] {reply} : new Reply[] {Reply.usual(), reply});
            }
        }
    }

    private static List<Moment> moments(MailProtocol protocol) {
        Moment greeting = new Moment(Phase.GREETING, "", 0, List.of("PLAIN"));
        Moment capability = new Moment(Phase.CAPABILITY, protocol.capabilityCommand(), 0, List.of("PLAIN"));
        Moment startTls = new Moment(Phase.STARTTLS, protocol.startTlsCommand(), 0, List.of("PLAIN"));
        Moment again = new Moment(Phase.CAPABILITY, protocol.capabilityCommand(), 1, List.of("PLAIN"));
        List<Moment> own = switch (protocol) {
            case SMTP ->
                List.of(
                        new Moment(Phase.AUTH, "AUTH", 0, List.of("PLAIN")),
                        new Moment(Phase.AUTH, "AUTH", 0, List.of("SCRAM-SHA-256")),
                        new Moment(Phase.MAIL, "MAIL", 0, List.of("PLAIN")),
                        new Moment(Phase.RCPT, "RCPT", 0, List.of("PLAIN")));
            case IMAP ->
                List.of(
                        new Moment(Phase.AUTH, "AUTHENTICATE", 0, List.of("PLAIN")),
                        new Moment(Phase.AUTH, "AUTHENTICATE", 0, List.of("LOGIN")),
                        new Moment(Phase.AUTH, "LOGIN", 0, List.of()),
                        new Moment(Phase.SELECT, "EXAMINE", 0, List.of("PLAIN")));
            case POP3 ->
                List.of(
                        new Moment(Phase.AUTH, "AUTH", 0, List.of("PLAIN")),
                        new Moment(Phase.AUTH, "USER", 0, List.of()),
                        new Moment(Phase.AUTH, "PASS", 0, List.of()));
        };
        return Stream.concat(Stream.of(greeting, capability, startTls, again), own.stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void silenceIsATimeoutOfThatPhase(MailProtocol protocol) throws Exception {
        all(protocol, List.of(Reply.silence(), Reply.raw(begun(protocol)).thenSilence()), (moment, result) -> {
            assertThat(result)
                    .failsWith(FailureCode.TIMEOUT, moment.phase())
                    .says("The server did not answer within the time of the run.")
                    .hasConsistentTimes()
                    .mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.phases().getLast().phase()).isEqualTo(moment.phase());
        });
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheConnectionIsUnexpectedInThatPhase(MailProtocol protocol) throws Exception {
        all(
                protocol,
                List.of(Reply.close(), Reply.raw(begun(protocol)).thenClose()),
                (moment, result) -> assertThat(result)
                        .failsWith(FailureCode.UNEXPECTED_CLOSE, moment.phase())
                        .says("The server closed the connection in the phase "
                                + moment.phase().code() + ".")
                        .hasConsistentTimes()
                        .mentionsNowhere(PASSWORD));
    }

    /** In the greeting a client may not know yet that the connection stood. */
    @ParameterizedTest
    @EnumSource
    void aResetIsToldWithThatPhase(MailProtocol protocol) throws Exception {
        all(protocol, List.of(Reply.reset()), (moment, result) -> {
            if (moment.phase() != Phase.GREETING) {
                assertThat(result)
                        .failsWith(FailureCode.CONNECTION_RESET, moment.phase())
                        .mentionsNowhere(PASSWORD);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatBecomesOfTheHandshakeIsTold(MailProtocol protocol) throws IOException {
        String agreed = switch (protocol) {
            case SMTP -> "220 Go";
            case IMAP -> "{tag} OK Go";
            case POP3 -> "+OK Go";
        };
        Moment moment = new Moment(Phase.TLS, protocol.startTlsCommand(), 0, List.of("PLAIN"));
        assertThat(run(protocol, moment, Reply.lines(agreed).thenTlsAlert(80)))
                .failsWith(FailureCode.ALERT, Phase.TLS)
                .says("The server refused TLS with the alert internal_error.");
        assertThat(run(protocol, moment, Reply.lines(agreed).thenClose()))
                .failsWith(FailureCode.HANDSHAKE_FAILED, Phase.TLS)
                .says("The server closed the connection during the TLS handshake.");
    }

    @FunctionalInterface
    private interface Check {

        void of(Moment moment, ProbeResult result);
    }

    private static void all(MailProtocol protocol, List<Reply> replies, Check check) throws Exception {
        List<Moment> moments = new ArrayList<>();
        List<Callable<ProbeResult>> runs = new ArrayList<>();
        for (Moment moment : moments(protocol)) {
            for (Reply reply : replies) {
                moments.add(moment);
                runs.add(() -> run(protocol, moment, reply));
            }
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ProbeResult>> results = executor.invokeAll(runs);
            for (int i = 0; i < results.size(); i++) {
                check.of(moments.get(i), result(results.get(i), moments.get(i)));
            }
        }
    }

    private static ProbeResult result(Future<ProbeResult> run, Moment moment) throws InterruptedException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new AssertionError(moment.toString(), e);
        }
    }

    private static ProbeResult run(MailProtocol protocol, Moment moment, Reply reply) throws IOException {
        Script<?> script = protocol.script()
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .mechanisms(moment.mechanisms().toArray(String[]::new));
        moment.tell(script, reply);
        try (TestServer server = script.start()) {
            ARun run = aRun().of(protocol, server)
                    .startTls()
                    .loggingIn(new Login(USER, PASSWORD, null, false))
                    .within(LIMIT);
            return switch (protocol) {
                case SMTP -> run.to(RECIPIENT).run();
                case IMAP -> run.opening("INBOX").run();
                case POP3 -> run.run();
            };
        }
    }

    /** What every reply may begin with, as far as it came. */
    private static String begun(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> "2";
            case IMAP -> "* OK [x";
            case POP3 -> "+O";
        };
    }
}
