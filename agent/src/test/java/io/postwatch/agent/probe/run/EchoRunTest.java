package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that repeat what they heard, or say the password in a form of their own: none of it is kept. */
@Timeout(60)
class EchoRunTest {

    private static final String TOKEN = "canary-ya29.a0AfH6SMBx-_~+/=";

    /** The line as it came, in whatever place of the exchange: in the reply, in a challenge, in both of several lines. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void whatTheClientSaidIsNotShownWhereTheServerRepeatsIt(MailProtocol protocol, @Nullable AuthMechanism mechanism)
            throws IOException {
        for (Reply repeating : repeating(protocol)) {
            Script<?> script = server(protocol, mechanism).onCommand(verb(protocol, mechanism), repeating.thenClose());
            try (TestServer server = script.start()) {
                ProbeResult result = run(protocol, server, mechanism);

                assertThat(result).mentionsNowhere(PASSWORD).mentionsNowhere(TOKEN);
                Assertions.assertThat(server.received()).anyMatch(line -> line.startsWith(heard(protocol, mechanism)));
            }
        }
    }

    /** To hide every "a" would tell it: so from the login on all is hidden, and before it nothing. */
    @ParameterizedTest
    @EnumSource
    void whatAServerSaysAfterAVeryShortPasswordIsNotShown(MailProtocol protocol) throws IOException {
        String greeting = protocol.greeting() + "a very bad example";
        Script<?> script = protocol.script()
                .tls(GOOD)
                .greeting(Reply.lines(greeting))
                .login(USER, "bad")
                .mechanisms("PLAIN")
                .onCommand(
                        verb(protocol, AuthMechanism.PLAIN),
                        Reply.lines("{line} bad").thenClose());
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .tls()
                    .loggingIn(new Login(USER, "bad", null, false))
                    .run();

            Assertions.assertThat(result.greeting()).isEqualTo(greeting);
            Assertions.assertThat(Objects.requireNonNull(result.failure()).phase())
                    .isEqualTo(Phase.AUTH);
            Assertions.assertThat(result.failure().serverReply()).isIn("", "[hidden]");
            Assertions.assertThat(result.transcript().lines())
                    .filteredOn(line -> line.direction() == Direction.SERVER)
                    .extracting(Transcript.Line::text)
                    .contains(greeting, "[hidden]")
                    .last()
                    .isEqualTo("[hidden]");
        }
    }

    /** Said in the greeting: there is no place at which a server could not know it. */
    @ParameterizedTest
    @MethodSource("forms")
    void thePasswordIsHiddenInEveryFormThatServersGiveIt(String form, String said) throws IOException {
        byte[] bytes = form.equals("latin1") ? said.getBytes(ISO_8859_1) : said.getBytes(UTF_8);
        for (MailProtocol protocol : MailProtocol.values()) {
            Script<?> script = server(protocol, AuthMechanism.PLAIN)
                    .greeting(Reply.raw(protocol.greeting() + "before ")
                            .thenBytes(bytes)
                            .thenLines(" behind"));
            try (TestServer server = script.start()) {
                ProbeResult result = run(protocol, server, AuthMechanism.PLAIN);

                assertThat(result).isOk().mentionsNowhere(PASSWORD);
                Assertions.assertThat(result.greeting())
                        .startsWith(protocol.greeting() + "before ")
                        .endsWith(" behind")
                        .contains("[hidden]")
                        .doesNotContain("canary", "CANARY", HexFormat.of().formatHex("canary".getBytes(UTF_8)));
                Assertions.assertThat(result.transcript().lines())
                        .filteredOn(line -> line.direction() == Direction.SERVER)
                        .extracting(Transcript.Line::text)
                        .first()
                        .asString()
                        .contains("[hidden]");
            }
        }
    }

    /** As PHP writes JSON. */
    @Test
    void aTokenIsHiddenInTheExplanationOfItsRefusal() throws IOException {
        String explanation = "{\"status\":\"401\",\"token\":\"" + TOKEN.replace("/", "\\/") + "\"}";
        Script<?> script = server(MailProtocol.SMTP, AuthMechanism.XOAUTH2)
                .onCommand(
                        "AUTH",
                        Reply.lines("334 " + base64(explanation))
                                .thenAwaitLine()
                                .thenLines("535 5.7.8 " + explanation));
        try (TestServer server = script.start()) {
            ProbeResult result = run(MailProtocol.SMTP, server, AuthMechanism.XOAUTH2);

            assertThat(result).failsWith(FailureCode.TOKEN_EXPIRED, Phase.AUTH).mentionsNowhere(TOKEN);
            assertThat(result).mentionsNowhere("ya29.a0AfH6SMBx");
        }
    }

    /** Of long replies the beginning is kept, which may end anywhere. */
    @Test
    void aPasswordIsHiddenWhereALongReplyWasCut() throws IOException {
        String password = "canary" + "0123456789".repeat(10);
        for (int lead = 0; lead < 120; lead += 17) {
            Reply often = Reply.lines("{tag} NO " + "x".repeat(lead) + (password + " ").repeat(70));
            Script<?> script = MailProtocol.IMAP
                    .script()
                    .tls(GOOD)
                    .login(USER, password)
                    .mechanisms("PLAIN")
                    .onCommand("AUTHENTICATE", often);
            try (TestServer server = script.start()) {
                ProbeResult result = aRun().of(MailProtocol.IMAP, server)
                        .tls()
                        .loggingIn(new Login(USER, password, null, false))
                        .run();

                assertThat(result)
                        .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                        .mentionsNowhere("canary");
            }
        }
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of("as it is", PASSWORD),
                Arguments.of("in quotes", PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"")),
                Arguments.of("upper case", PASSWORD.toUpperCase(Locale.ROOT)),
                Arguments.of("base64", base64(PASSWORD)),
                Arguments.of("base64 of PLAIN", base64("\0" + USER + "\0" + PASSWORD)),
                Arguments.of("base64 of PLAIN with an identity", base64(USER + "\0" + USER + "\0" + PASSWORD)),
                Arguments.of("base64 behind one byte", base64("x" + PASSWORD + "yz")),
                Arguments.of("base64 behind two bytes", base64("xy" + PASSWORD + "z")),
                Arguments.of("base64 of a command", base64("PASS " + PASSWORD + "\r\n")),
                Arguments.of(
                        "base64 for addresses",
                        base64("??>" + PASSWORD).replace('+', '-').replace('/', '_')),
                Arguments.of("hexadecimal", HexFormat.of().formatHex(PASSWORD.getBytes(UTF_8))),
                Arguments.of("form", URLEncoder.encode(PASSWORD, UTF_8)),
                Arguments.of("page", PASSWORD.replace("\"", "&quot;")),
                Arguments.of(
                        "page, quotes by number",
                        PASSWORD.replace("\"", "&quot;").replace("'", "&#39;")),
                Arguments.of(
                        "page, in hexadecimal", PASSWORD.replace("\"", "&quot;").replace("'", "&#x27;")),
                Arguments.of(
                        "JSON",
                        PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/")),
                Arguments.of("ASCII", PASSWORD.replace("ä", "?")),
                Arguments.of("misread", new String(PASSWORD.getBytes(UTF_8), ISO_8859_1)),
                Arguments.of("latin1", PASSWORD));
    }

    private static List<Reply> repeating(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP ->
                List.of(
                        Reply.lines("535 5.7.8 {line}"),
                        Reply.lines("535-{line}", "535 {line}"),
                        Reply.lines("235 {line}"),
                        Reply.lines("334 {line}").thenAwaitLine().thenLines("535 {line}"),
                        Reply.lines("334 VXNlcm5hbWU6")
                                .thenAwaitLine()
                                .thenLines("334 {line}")
                                .thenAwaitLine()
                                .thenLines("334 {line}")
                                .thenAwaitLine()
                                .thenLines("535 {line}"),
                        Reply.lines("{line}"));
            case IMAP ->
                List.of(
                        Reply.lines("{tag} NO {line}"),
                        Reply.lines("* OK [ALERT] {line}", "{tag} BAD {line}"),
                        Reply.lines("* CAPABILITY {line}", "{tag} OK [CAPABILITY {line}] {line}"),
                        Reply.lines("* BYE {line}"),
                        Reply.lines("+ {line}").thenAwaitLine().thenLines("{tag} NO {line}"),
                        Reply.lines("+ VXNlcm5hbWU6")
                                .thenAwaitLine()
                                .thenLines("+ {line}")
                                .thenAwaitLine()
                                .thenLines("+ {line}")
                                .thenAwaitLine()
                                .thenLines("{tag} NO {line}"),
                        Reply.lines("{line}"));
            case POP3 ->
                List.of(
                        Reply.lines("-ERR [AUTH] {line}"),
                        Reply.lines("+OK {line}"),
                        Reply.lines("+ {line}").thenAwaitLine().thenLines("-ERR {line}"),
                        Reply.lines("+ VXNlcm5hbWU6")
                                .thenAwaitLine()
                                .thenLines("+ {line}")
                                .thenAwaitLine()
                                .thenLines("+ {line}")
                                .thenAwaitLine()
                                .thenLines("-ERR {line}"),
                        Reply.lines("{line}"));
        };
    }

    private static Script<?> server(MailProtocol protocol, @Nullable AuthMechanism mechanism) {
        Script<?> script = protocol.script().tls(GOOD).login(USER, PASSWORD, TOKEN);
        return mechanism == null ? script.mechanisms() : script.mechanisms(mechanism.saslName());
    }

    private static ProbeResult run(MailProtocol protocol, TestServer server, @Nullable AuthMechanism mechanism) {
        boolean token = mechanism != null && mechanism.takesToken();
        Login.Secret secret = token ? new Login.AccessToken(TOKEN) : new Login.Password(PASSWORD);
        return aRun().of(protocol, server)
                .tls()
                .loggingIn(new Login(USER, secret, mechanism, false))
                // A literal that the server repeats is one to wait for.
                .within(Duration.ofSeconds(4))
                .run();
    }

    private static String verb(MailProtocol protocol, @Nullable AuthMechanism mechanism) {
        if (mechanism == null) {
            return protocol == MailProtocol.IMAP ? "LOGIN" : "PASS";
        }
        return protocol == MailProtocol.IMAP ? "AUTHENTICATE" : "AUTH";
    }

    private static String heard(MailProtocol protocol, @Nullable AuthMechanism mechanism) {
        return (protocol == MailProtocol.IMAP ? "p2 " : "") + verb(protocol, mechanism);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Null is what a protocol has besides SASL: the LOGIN command of IMAP, USER and PASS of POP3. */
    static Stream<Arguments> everywhere() {
        return Arrays.stream(MailProtocol.values())
                .flatMap(protocol -> Stream.concat(
                        AuthMechanism.SUPPORTED.stream().map(mechanism -> Arguments.of(protocol, mechanism)),
                        protocol == MailProtocol.SMTP ? Stream.of() : Stream.of(Arguments.of(protocol, null))));
    }
}
