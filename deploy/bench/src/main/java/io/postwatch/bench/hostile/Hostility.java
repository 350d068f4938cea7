package io.postwatch.bench.hostile;

import static io.postwatch.agent.probe.failure.FailureCode.BAD_GREETING;
import static io.postwatch.agent.probe.failure.FailureCode.CONNECTION_RESET;
import static io.postwatch.agent.probe.failure.FailureCode.HANDSHAKE_FAILED;
import static io.postwatch.agent.probe.failure.FailureCode.HANDSHAKE_TIMEOUT;
import static io.postwatch.agent.probe.failure.FailureCode.NO_COMMON_CIPHER;
import static io.postwatch.agent.probe.failure.FailureCode.PREAUTH;
import static io.postwatch.agent.probe.failure.FailureCode.PROTOCOL_VERSION;
import static io.postwatch.agent.probe.failure.FailureCode.REPLY_TOO_LONG;
import static io.postwatch.agent.probe.failure.FailureCode.SELF_SIGNED;
import static io.postwatch.agent.probe.failure.FailureCode.STARTTLS_INJECTION;
import static io.postwatch.agent.probe.failure.FailureCode.TIMEOUT;
import static io.postwatch.agent.probe.failure.FailureCode.UNEXPECTED_CLOSE;
import static io.postwatch.agent.probe.failure.FailureCode.UNTRUSTED;

import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.WireScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What servers do to a prober, and what its runs have to say of it.
 *
 * @param code with which every run against such a server fails
 */
record Hostility(
        String label,
        Aim.Protocol protocol,
        Security security,
        FailureCode code,
        Function<TestAuthority, WireScript<?>> script) {

    /** Of each kind there are as many servers. */
    static final List<Hostility> ALL = List.of(
            new Hostility(
                    "says_nothing",
                    Aim.Protocol.SMTP,
                    TIMEOUT,
                    authority -> TestServer.smtp().greeting(Reply.silence())),
            new Hostility(
                    "drips_its_greeting",
                    Aim.Protocol.SMTP,
                    TIMEOUT,
                    authority -> TestServer.smtp().greeting(dripping("220 " + "x".repeat(4000)))),
            new Hostility(
                    "drips_lines",
                    Aim.Protocol.SMTP,
                    TIMEOUT,
                    authority -> TestServer.smtp().greeting(dripping("220-x\r\n".repeat(600)))),
            new Hostility(
                    "reads_nothing",
                    Aim.Protocol.POP3,
                    TIMEOUT,
                    authority -> TestServer.pop3().greeting(Reply.deafness())),
            new Hostility(
                    "never_shakes_hands",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    HANDSHAKE_TIMEOUT,
                    authority -> TestServer.imap().greeting(Reply.silence())),
            new Hostility(
                    "drips_a_record_of_tls",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    HANDSHAKE_TIMEOUT,
                    authority ->
                            TestServer.imap().greeting(dripping("\u0016\u0003\u0003 \u0000\u0002" + "x".repeat(4000)))),
            new Hostility(
                    "sends_a_line_without_end",
                    Aim.Protocol.SMTP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.smtp().greeting(Reply.raw("220 " + "x".repeat(200_000)))),
            new Hostility(
                    "sends_a_reply_without_end",
                    Aim.Protocol.SMTP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.smtp().onCommand("EHLO", Reply.raw("250-x\r\n".repeat(30_000)))),
            new Hostility(
                    "announces_a_huge_literal",
                    Aim.Protocol.IMAP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.imap().greeting(Reply.raw("* OK {2147483647}\r\n"))),
            new Hostility(
                    "announces_more_than_a_number_holds",
                    Aim.Protocol.IMAP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.imap().greeting(Reply.raw("* OK {99999999999999999999}\r\n"))),
            new Hostility(
                    "sends_literals_without_end",
                    Aim.Protocol.IMAP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.imap()
                            .onCommand(
                                    "CAPABILITY",
                                    Reply.raw("* OK {60000}\r\n" + "x".repeat(60_000) + "\r\n")
                                            .thenBytes(bytes(
                                                    ("* OK {60000}\r\n" + "x".repeat(60_000) + "\r\n").repeat(20))))),
            new Hostility(
                    "sends_responses_without_end",
                    Aim.Protocol.IMAP,
                    REPLY_TOO_LONG,
                    authority -> TestServer.imap().onCommand("CAPABILITY", Reply.raw("* 1 EXISTS\r\n".repeat(20_000)))),
            new Hostility(
                    "sends_a_list_without_end",
                    Aim.Protocol.POP3,
                    REPLY_TOO_LONG,
                    authority -> TestServer.pop3().onCommand("CAPA", Reply.raw("+OK\r\n" + "X\r\n".repeat(30_000)))),
            new Hostility(
                    "sends_without_end_inside_tls",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    REPLY_TOO_LONG,
                    authority -> TestServer.imap()
                            .tls(authority.leaf("127.0.0.1").issue())
                            .onCommand("CAPABILITY", Reply.raw("* X\r\n".repeat(60_000)))),
            new Hostility(
                    "sends_garbage",
                    Aim.Protocol.SMTP,
                    BAD_GREETING,
                    authority -> TestServer.smtp().greeting(Reply.raw("\u0000\u0001\u001b[2J\r\n"))),
            new Hostility(
                    "speaks_no_tls",
                    Aim.Protocol.SMTP,
                    Security.TLS,
                    HANDSHAKE_FAILED,
                    authority -> TestServer.smtp().greeting(Reply.raw("garbage".repeat(20_000)))),
            new Hostility(
                    "sends_garbage_as_tls",
                    Aim.Protocol.SMTP,
                    Security.TLS,
                    HANDSHAKE_FAILED,
                    authority -> TestServer.smtp()
                            .greeting(Reply.bytes(new byte[] {22, 3, 3, 1, 0}).thenBytes(bytes("x".repeat(256))))),
            new Hostility(
                    "refuses_every_cipher",
                    Aim.Protocol.SMTP,
                    Security.TLS,
                    NO_COMMON_CIPHER,
                    authority -> TestServer.smtp().greeting(Reply.tlsAlert(40))),
            new Hostility(
                    "speaks_ssl_3",
                    Aim.Protocol.SMTP,
                    Security.TLS,
                    PROTOCOL_VERSION,
                    authority -> TestServer.smtp().greeting(Reply.tlsServerHello(0))),
            // BoringSSL shows the first ten, which lead nowhere.
            new Hostility(
                    "shows_a_chain_of_fifteen",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    HANDSHAKE_FAILED,
                    authority -> TestServer.imap()
                            .tls(authority.leaf("127.0.0.1").throughMore(13).issue())),
            new Hostility(
                    "shows_a_huge_certificate",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    HANDSHAKE_FAILED,
                    authority -> TestServer.imap()
                            .tls(authority.leaf("127.0.0.1").padded(20_000).issue())),
            new Hostility(
                    "shows_issuers_in_a_loop",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    UNTRUSTED,
                    authority -> TestServer.imap()
                            .tls(authority.leaf("127.0.0.1").inLoop().issue())),
            new Hostility(
                    "signs_itself",
                    Aim.Protocol.SMTP,
                    Security.STARTTLS,
                    SELF_SIGNED,
                    authority -> TestServer.smtp()
                            .startTls(authority.leaf("127.0.0.1").selfSigned().issue())),
            new Hostility(
                    "leaves_in_the_handshake",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    HANDSHAKE_FAILED,
                    authority -> TestServer.imap()
                            .tls(authority.leaf("127.0.0.1").issue())
                            .cutAfter(300)),
            new Hostility(
                    "resets_in_the_handshake",
                    Aim.Protocol.IMAP,
                    Security.TLS,
                    CONNECTION_RESET,
                    authority -> TestServer.imap().greeting(Reply.resetAfterByte())),
            new Hostility(
                    "puts_text_behind_starttls",
                    Aim.Protocol.SMTP,
                    Security.STARTTLS,
                    STARTTLS_INJECTION,
                    authority -> TestServer.smtp()
                            .startTls(authority.leaf("127.0.0.1").issue())
                            .onCommand("STARTTLS", Reply.raw("220 Go\r\n250 injected\r\n"))),
            new Hostility(
                    "lets_anybody_in",
                    Aim.Protocol.IMAP,
                    Security.STARTTLS,
                    PREAUTH,
                    authority -> TestServer.imap()
                            .startTls(authority.leaf("127.0.0.1").issue())
                            .greeting("* PREAUTH come in")),
            new Hostility(
                    "leaves_half_way",
                    Aim.Protocol.SMTP,
                    UNEXPECTED_CLOSE,
                    authority -> TestServer.smtp()
                            .onCommand("EHLO", Reply.raw("250-half a rep").thenClose())));

    private Hostility(
            String label, Aim.Protocol protocol, FailureCode code, Function<TestAuthority, WireScript<?>> script) {
        this(label, protocol, Security.NONE, code, script);
    }

    static Hostility of(String label) {
        return ALL.stream().filter(kind -> kind.label.equals(label)).findFirst().orElseThrow();
    }

    Aim at(int port) {
        return new Aim(
                label,
                protocol,
                security,
                port,
                Set.of(TIMEOUT, HANDSHAKE_TIMEOUT).contains(code));
    }

    private static Reply dripping(String text) {
        return Reply.dripping(text, Duration.ofMillis(500));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
