package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.LOOPBACK_ALLOWED;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.TICKER;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.address.HostAddressPolicy;
import io.postwatch.agent.probe.address.PublicAddressPolicy;
import io.postwatch.agent.probe.dns.DnsMessage;
import io.postwatch.agent.probe.dns.ScriptedDns;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For each failure code a run, against a real socket, that fails with it: a new one does not compile without. */
@Timeout(30)
class EveryFailureTest {

    private static final String RECIPIENT = "someone@example.org";

    /** How a code is seen to come about. */
    private sealed interface Proof {

        /** A run that fails with it in that phase. */
        record OnTheWire(@Nullable Phase phase, Scenario scenario) implements Proof {}

        /** A test of another package: no run of the prober alone can have it. */
        record In(String testClass, String method) implements Proof {}

        /** Nothing says it yet. */
        record Unspoken() implements Proof {}
    }

    @FunctionalInterface
    private interface Scenario {

        ProbeResult run() throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void hasARunThatFailsWithIt(FailureCode code) throws Exception {
        switch (proofOf(code)) {
            case Proof.OnTheWire(Phase phase, Scenario scenario) -> {
                ProbeResult result = scenario.run();
                Failure failure = Objects.requireNonNull(result.failure(), result::toString);
                assertThat(failure.code()).as(failure.message()).isEqualTo(code);
                assertThat(failure.phase()).isEqualTo(phase);
                assertThat(failure.message()).endsWith(".");
                assertThat(result.status() == Status.NO_DATA)
                        .isEqualTo(!code.category().tellsOfTarget());
            }
            case Proof.In(String testClass, String method) ->
                assertThat(Class.forName("io.postwatch.agent." + testClass).getDeclaredMethods())
                        .anyMatch(test -> test.getName().equals(method));
            case Proof.Unspoken() -> assertThat(code).isEqualTo(FailureCode.NEEDS_VERIFICATION);
        }
    }

    private static Proof proofOf(FailureCode code) {
        return switch (code) {
            case NAME_NOT_FOUND -> resolving(message -> message.code(3));
            case NO_ADDRESS -> resolving(message -> message);
            case DNS_FAILURE -> resolving(message -> message.code(2));
            case DNS_TIMEOUT ->
                in(Phase.RESOLVE, () -> {
                    try (ScriptedDns silent = ScriptedDns.start(query -> List.of())) {
                        return named().by(Names.asking(Duration.ofMillis(300), silent.address()))
                                .run();
                    }
                });
            case CONNECTION_REFUSED ->
                in(Phase.CONNECT, () -> aRun().port(Names.aClosedPort()).run());
            case CONNECT_TIMEOUT -> in(Phase.CONNECT, EveryFailureTest::toAFullQueue);
            // Loopback's broadcast address: the system has a route for it, and none for TCP.
            case NETWORK_UNREACHABLE ->
                in(Phase.CONNECT, () -> aRun().against("127.255.255.255").run());
            // Only a neighbour that is not there, or a router, says so: there is none on loopback.
            case HOST_UNREACHABLE -> new Proof.In("probe.run.UnreachableHostTest", "isToldFromANetworkWithoutARoute");
            case CONNECTION_RESET ->
                smtp(Phase.CAPABILITY, script -> script.onCommand("EHLO", Reply.reset()), run -> run);
            case HANDSHAKE_FAILED -> smtp(Phase.TLS, script -> script, ARun::tls);
            case HANDSHAKE_TIMEOUT ->
                smtp(
                        Phase.TLS,
                        script -> script.greeting(Reply.silence()),
                        run -> run.tls().within(Duration.ofSeconds(1)));
            case PROTOCOL_VERSION -> smtp(Phase.TLS, script -> script.greeting(Reply.tlsServerHello(1)), ARun::tls);
            case NO_COMMON_CIPHER ->
                smtp(
                        Phase.TLS,
                        script -> script.tls(GOOD)
                                .protocols("TLSv1.2")
                                .cipherSuites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                        ARun::tls);
            case ALERT -> smtp(Phase.TLS, script -> script.greeting(Reply.tlsAlert(80)), ARun::tls);
            case EXPIRED -> showing(leaf().expired(Duration.ofDays(1)));
            case NOT_YET_VALID -> showing(leaf().notYetValid());
            case NAME_MISMATCH -> showing(AUTHORITY.leaf("other.example"));
            case SELF_SIGNED -> showing(leaf().selfSigned());
            case UNTRUSTED -> showing(TestAuthority.create().leaf("127.0.0.1"));
            case INCOMPLETE_CHAIN -> showing(leaf().withoutIntermediate());
            case WEAK -> showing(leaf().sha1());
            case EXPIRES_SOON -> showing(leaf().expiringIn(Duration.ofDays(3)));
            case STARTTLS_NOT_OFFERED -> smtp(Phase.STARTTLS, script -> script, ARun::startTls);
            case STARTTLS_REFUSED ->
                smtp(
                        Phase.STARTTLS,
                        script -> script.startTls(GOOD).onCommand("STARTTLS", Reply.lines("454 4.7.0 Not now")),
                        ARun::startTls);
            case STARTTLS_INJECTION ->
                smtp(
                        Phase.STARTTLS,
                        script -> script.startTls(GOOD).onCommand("STARTTLS", Reply.lines("220 Go", "250 injected")),
                        ARun::startTls);
            case PREAUTH ->
                in(
                        Phase.GREETING,
                        () -> against(
                                TestServer.imap().startTls(GOOD).greeting("* PREAUTH welcome back"),
                                MailProtocol.IMAP,
                                ARun::startTls));
            case BAD_GREETING -> smtp(Phase.GREETING, script -> script.greeting("* OK ready"), run -> run);
            case BAD_REPLY ->
                smtp(Phase.CAPABILITY, script -> script.onCommand("EHLO", Reply.lines("hello")), run -> run);
            case REPLY_TOO_LONG ->
                smtp(Phase.GREETING, script -> script.greeting("220 " + "x".repeat(5000)), run -> run);
            case UNEXPECTED_CLOSE ->
                smtp(Phase.CAPABILITY, script -> script.onCommand("EHLO", Reply.close()), run -> run);
            case EXPECTATION_NOT_MET ->
                smtp(
                        Phase.CAPABILITY,
                        script -> script,
                        run -> run.expecting(new Expectations(null, List.of("CHUNKING"), null)));
            case TEMPORARILY_UNAVAILABLE ->
                smtp(Phase.GREETING, script -> script.greeting("421 4.3.2 Later"), run -> run);
            case PERMANENTLY_REFUSED -> smtp(Phase.GREETING, script -> script.greeting("554 5.7.1 Never"), run -> run);
            case GREYLISTED -> smtp(Phase.RCPT, script -> script.greylisting(1), run -> run.to(RECIPIENT));
            case RATE_LIMITED ->
                smtp(Phase.GREETING, script -> script.greeting("421 4.7.28 Too many connections"), run -> run);
            case LOGIN_REFUSED -> loggingIn("535 5.7.8 Authentication credentials invalid");
            case AUTH_UNAVAILABLE -> loggingIn("454 4.7.0 Temporary authentication failure");
            case BASIC_AUTH_DISABLED ->
                loggingIn("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.");
            case MECHANISM_NOT_OFFERED ->
                smtp(
                        Phase.AUTH,
                        script -> script.tls(GOOD).login(USER, PASSWORD).mechanisms("GSSAPI"),
                        run -> run.tls().loggingIn());
            case AUTH_NEEDS_TLS ->
                smtp(Phase.AUTH, script -> script.login(USER, PASSWORD).plaintextLogin(), ARun::loggingIn);
            case TOKEN_EXPIRED ->
                smtp(
                        Phase.AUTH,
                        script -> script.tls(GOOD).login(USER, "x", "new").mechanisms("XOAUTH2"),
                        run -> run.tls()
                                .loggingIn(
                                        new Login(USER, new Login.AccessToken("old"), AuthMechanism.XOAUTH2, false)));
            case TIMEOUT ->
                smtp(
                        Phase.GREETING,
                        script -> script.greeting(Reply.silence()),
                        run -> run.within(Duration.ofSeconds(1)));
            case SLOW ->
                smtp(
                        null,
                        script -> script.delayed("EHLO", Duration.ofMillis(50)),
                        run -> run.slowFrom(Duration.ofMillis(40), Duration.ofSeconds(9)));
            case ADDRESS_DENIED ->
                in(
                        Phase.RESOLVE,
                        () -> aRun().by(Names.told(new HostAddressPolicy(List.of(), List.of())))
                                .run());
            case PORT_DENIED ->
                in(
                        null,
                        () -> aRun().by(Names.told(new PublicAddressPolicy(List.of())))
                                .run());
            case LOGIN_WITHHELD -> new Proof.In("schedule.LeasedRunsTest", "aRefusedLoginIsLeftAloneForAnHour");
            case LOGIN_SUSPENDED -> new Proof.In("schedule.LeasedRunsTest", "aSuspendedLoginIsNotTried");
            case NEEDS_VERIFICATION -> new Proof.Unspoken();
            case OVERLOADED -> new Proof.In("schedule.SchedulerTest", "moreThanTheAgentCanDoIsToldAsOverloaded");
            case SKIPPED -> in(Phase.CONNECT, EveryFailureTest::cancelled);
            case NO_EGRESS -> in(Phase.RESOLVE, EveryFailureTest::withoutResolver);
            case LOCAL_SECRET_UNAVAILABLE ->
                new Proof.In("AgentLocalSecretsTest", "aSecretThatIsGoneFailsTheRunUntilItIsBack");
            case INTERNAL_ERROR ->
                in(
                        Phase.RESOLVE,
                        () -> aRun().by(Names.told(address -> {
                                    throw new IllegalStateException("a bug");
                                }))
                                .run());
        };
    }

    private static Proof in(@Nullable Phase phase, Scenario scenario) {
        return new Proof.OnTheWire(phase, scenario);
    }

    private static Proof resolving(UnaryOperator<DnsMessage> answer) {
        return in(Phase.RESOLVE, () -> {
            try (ScriptedDns names = ScriptedDns.start(
                    query -> List.of(answer.apply(DnsMessage.to(query)).bytes()))) {
                return named().by(Names.asking(Duration.ofSeconds(9), names.address()))
                        .run();
            }
        });
    }

    private static Proof smtp(@Nullable Phase phase, UnaryOperator<SmtpScript> server, UnaryOperator<ARun> run) {
        return in(phase, () -> against(server.apply(TestServer.smtp()), MailProtocol.SMTP, run));
    }

    private static Proof showing(TestAuthority.Leaf leaf) {
        ServerIdentity identity = leaf.issue();
        return smtp(Phase.TLS, script -> script.tls(identity), ARun::tls);
    }

    private static Proof loggingIn(String reply) {
        return smtp(
                Phase.AUTH,
                script -> script.tls(GOOD).login(USER, PASSWORD).onCommand("AUTH", Reply.lines(reply)),
                run -> run.tls().loggingIn());
    }

    private static ProbeResult against(Script<?> script, MailProtocol protocol, UnaryOperator<ARun> run)
            throws IOException {
        try (TestServer server = script.start()) {
            return run.apply(aRun().of(protocol, server)).run();
        }
    }

    private static TestAuthority.Leaf leaf() {
        return AUTHORITY.leaf("127.0.0.1");
    }

    private static ARun named() {
        return aRun().against("mail.example.org");
    }

    /** Linux drops what does not fit into the queue of a listener that nobody accepts from. */
    private static ProbeResult toAFullQueue() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort())) {
            return aRun().port(full.getLocalPort())
                    .within(Duration.ofMillis(300))
                    .run();
        }
    }

    private static ProbeResult cancelled() throws IOException {
        try (TestServer server = TestServer.smtp().start();
                Deadline deadline = Deadline.after(Duration.ofSeconds(9), TICKER)) {
            deadline.cancel();
            return aRun().smtp(server).by(Names.told(LOOPBACK_ALLOWED)).run(deadline);
        }
    }

    private static ProbeResult withoutResolver() throws IOException {
        InetSocketAddress closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }
        return named().by(Names.asking(Duration.ofSeconds(3), closed)).run();
    }
}
