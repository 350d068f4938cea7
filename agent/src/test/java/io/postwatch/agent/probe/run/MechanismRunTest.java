package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.sasl.ScramBehaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mechanism in every protocol, with servers that keep to it and servers that don't. */
@Timeout(20)
class MechanismRunTest {

    private static final String TOKEN = "canary-ya29.a0AfH6SMBx-_~+/=";

    @ParameterizedTest
    @MethodSource("everywhere")
    void provesTheLoginAndShowsNothingOfIt(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script = server(protocol, mechanism).startTls(GOOD);
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .startTls()
                    .loggingIn(login(mechanism, mechanism))
                    .run();

            assertThat(result).isOk().mentionsNowhere(PASSWORD).mentionsNowhere(TOKEN);
            Assertions.assertThat(result.authMechanism()).isEqualTo(mechanism);
            showsNothingProving(result, server);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void isChosenByItselfWhereTheServerKnowsNothingElse(MailProtocol protocol, AuthMechanism mechanism)
            throws IOException {
        Script<?> script = server(protocol, mechanism).tls(GOOD).sliced();
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .tls()
                    .loggingIn(login(mechanism, null))
                    .run();

            assertThat(result).isOk();
            Assertions.assertThat(result.authMechanism()).isEqualTo(mechanism);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void tellsARefusal(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script =
                protocol.script().tls(GOOD).login(USER, "another", "another").mechanisms(mechanism.saslName());
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .tls()
                    .loggingIn(login(mechanism, mechanism))
                    .run();

            assertThat(result)
                    .failsWith(
                            mechanism.takesToken() ? FailureCode.TOKEN_EXPIRED : FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid(protocol.refusal())
                    .mentionsNowhere(PASSWORD)
                    .mentionsNowhere(TOKEN);
            showsNothingProving(result, server);
            Assertions.assertThat(server.received()).last().asString().endsWith(protocol.goodbye());
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void tellsThatTheServerCannotCheckLogins(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script =
                server(protocol, mechanism).tls(GOOD).onCommand(verb(protocol), Reply.lines(unavailable(protocol)));
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server)
                            .tls()
                            .loggingIn(login(mechanism, mechanism))
                            .run())
                    .failsWith(FailureCode.AUTH_UNAVAILABLE, Phase.AUTH);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void endsAnExchangeWithoutEnd(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        String challenge = Base64.getEncoder().encodeToString("more".getBytes(StandardCharsets.UTF_8));
        Reply endless = Reply.lines(prompt(protocol) + challenge);
        for (int i = 0; i < 6; i++) {
            endless = endless.thenAwaitLine().thenLines(prompt(protocol) + challenge);
        }
        Script<?> script = server(protocol, mechanism)
                .tls(GOOD)
                .onCommand(verb(protocol), endless.thenAwaitLine().thenClose());
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server)
                            .tls()
                            .loggingIn(login(mechanism, mechanism))
                            .run())
                    .failsWith(FailureCode.BAD_REPLY, Phase.AUTH)
                    .mentionsNowhere(PASSWORD)
                    .mentionsNowhere(TOKEN);
            Assertions.assertThat(server.received()).contains("*");
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void tellsThatTheServerHungUpInTheMiddle(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script = server(protocol, mechanism)
                .tls(GOOD)
                .onCommand(verb(protocol), Reply.raw(prompt(protocol)).thenClose());
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server)
                            .tls()
                            .loggingIn(login(mechanism, mechanism))
                            .run())
                    .failsWith(FailureCode.UNEXPECTED_CLOSE, Phase.AUTH);
        }
    }

    @ParameterizedTest
    @MethodSource("scramEverywhere")
    void saysThatItCannotBindTheChannel(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script = server(protocol, mechanism).tls(GOOD);
        try (TestServer server = script.start()) {
            assertThat(run(protocol, server, mechanism))
                    .isOk()
                    .hasTranscriptLine(Direction.NOTE, "Without channel binding");
        }
    }

    @ParameterizedTest
    @MethodSource("scramEverywhere")
    void believesNoServerThatDoesNotKnowThePassword(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> impostor = server(protocol, mechanism)
                .tls(GOOD)
                .scram(ScramBehaviour.honest().withWrongSignature());
        Script<?> silent =
                server(protocol, mechanism).tls(GOOD).onCommand(verb(protocol), Reply.lines(accepted(protocol)));
        try (TestServer first = impostor.start();
                TestServer second = silent.start()) {
            assertThat(run(protocol, first, mechanism)).failsWith(FailureCode.BAD_REPLY, Phase.AUTH);
            Assertions.assertThat(first.received()).containsSubsequence(List.of("*"));
            assertThat(run(protocol, second, mechanism)).failsWith(FailureCode.BAD_REPLY, Phase.AUTH);
        }
    }

    @ParameterizedTest
    @MethodSource("scramEverywhere")
    void answersNoForeignNonceAndComputesNoFewerOrMoreIterationsThanIsSafe(
            MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        for (ScramBehaviour behaviour : List.of(
                ScramBehaviour.honest().withForeignNonce(),
                ScramBehaviour.honest().iterating(1),
                ScramBehaviour.honest().iterating(Integer.MAX_VALUE))) {
            try (TestServer server =
                    server(protocol, mechanism).tls(GOOD).scram(behaviour).start()) {
                assertThat(run(protocol, server, mechanism)).failsWith(FailureCode.BAD_REPLY, Phase.AUTH);
                Assertions.assertThat(server.received()).contains("*").noneMatch(line -> decodes(line, "p="));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void scramIsSpokenUnencryptedWithoutLeaveAndNothingElse(MailProtocol protocol) throws IOException {
        Login login = new Login(USER, PASSWORD, null, false);
        Script<?> all = protocol.script()
                .login(USER, PASSWORD)
                .plaintextLogin()
                .mechanisms("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1");
        Script<?> digest =
                protocol.script().login(USER, PASSWORD).plaintextLogin().mechanisms("PLAIN", "LOGIN", "CRAM-MD5");
        try (TestServer first = all.start();
                TestServer second = digest.start()) {
            ProbeResult result = aRun().of(protocol, first).loggingIn(login).run();
            assertThat(result).isOk();
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.SCRAM_SHA_1);
            assertThat(aRun().of(protocol, second).loggingIn(login).run())
                    .failsWith(FailureCode.AUTH_NEEDS_TLS, Phase.AUTH);
            Assertions.assertThat(second.received()).isEqualTo(protocol.plainSession());
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void hidesWhatItSaidFromAServerThatRepeatsIt(MailProtocol protocol, AuthMechanism mechanism) throws IOException {
        Script<?> script = server(protocol, mechanism).tls(GOOD);
        List<String> said;
        try (TestServer server = script.start()) {
            assertThat(run(protocol, server, mechanism)).isOk();
            said = server.received().stream()
                    .filter(line -> decodes(line, "canary"))
                    .toList();
        }
        // What does not depend on a challenge is the same in the next run, and known before it is said.
        Script<?> repeating =
                server(protocol, mechanism).tls(GOOD).greeting(protocol.greeting() + String.join(" ", said));
        try (TestServer server = repeating.start()) {
            ProbeResult result = run(protocol, server, mechanism);
            for (String line : said) {
                assertThat(result).mentionsNowhere(lastWord(line));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMTP", "POP3"})
    void aLongTokenIsNotSentWithTheCommand(MailProtocol protocol) throws IOException {
        String token = "t".repeat(2000);
        Script<?> script = protocol.script().tls(GOOD).login(USER, "x", token).mechanisms("XOAUTH2", "OAUTHBEARER");
        try (TestServer server = script.start()) {
            for (AuthMechanism mechanism : List.of(AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER)) {
                Login login = new Login(USER, new Login.AccessToken(token), mechanism, false);
                assertThat(aRun().of(protocol, server).tls().loggingIn(login).run())
                        .isOk()
                        .mentionsNowhere(token);
                Assertions.assertThat(server.received()).contains("AUTH " + mechanism.saslName());
            }
        }
    }

    private static ProbeResult run(MailProtocol protocol, TestServer server, AuthMechanism mechanism) {
        return aRun().of(protocol, server)
                .tls()
                .loggingIn(login(mechanism, mechanism))
                .run();
    }

    private static Script<?> server(MailProtocol protocol, AuthMechanism mechanism) {
        return protocol.script().login(USER, PASSWORD, TOKEN).mechanisms(mechanism.saslName());
    }

    private static Login login(AuthMechanism mechanism, @Nullable AuthMechanism wanted) {
        return new Login(
                USER,
                mechanism.takesToken() ? new Login.AccessToken(TOKEN) : new Login.Password(PASSWORD),
                wanted,
                false);
    }

    /** Nothing that went over the wire in base64 stands in the result as it went, but for what proves nothing. */
    private static void showsNothingProving(ProbeResult result, TestServer server) {
        Predicate<String> proving = line -> decodes(line, "canary") || decodes(line, "p=") || decodes(line, USER + " ");
        for (String line : server.received().stream().filter(proving).toList()) {
            assertThat(result).mentionsNowhere(lastWord(line));
        }
    }

    private static boolean decodes(String line, String part) {
        try {
            byte[] decoded = Base64.getDecoder().decode(lastWord(line));
            return new String(decoded, StandardCharsets.UTF_8).contains(part);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String lastWord(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static String verb(MailProtocol protocol) {
        return protocol == MailProtocol.IMAP ? "AUTHENTICATE" : "AUTH";
    }

    private static String prompt(MailProtocol protocol) {
        return protocol == MailProtocol.SMTP ? "334 " : "+ ";
    }

    private static String accepted(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> "235 2.7.0 OK";
            case IMAP -> "{tag} OK Logged in";
            case POP3 -> "+OK Logged in";
        };
    }

    private static String unavailable(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> "454 4.7.0 Temporary authentication failure";
            case IMAP -> "{tag} NO [UNAVAILABLE] Temporary authentication failure.";
            case POP3 -> "-ERR [SYS/TEMP] Temporary authentication failure.";
        };
    }

    private static Stream<Arguments> everywhere() {
        return combined(mechanism -> true);
    }

    private static Stream<Arguments> scramEverywhere() {
        return combined(AuthMechanism::isScram);
    }

    private static Stream<Arguments> combined(Predicate<AuthMechanism> these) {
        return Arrays.stream(MailProtocol.values())
                .flatMap(protocol -> AuthMechanism.SUPPORTED.stream()
                        .filter(these)
                        .map(mechanism -> Arguments.of(protocol, mechanism)));
    }
}
