package io.postwatch.agent.probe.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.imap.ImapDialogue;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.Dialogue;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.net.SaidBytes;
import io.postwatch.agent.probe.pop3.Pop3Dialogue;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.WireForms;
import io.postwatch.agent.probe.smtp.SmtpDialogue;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.agent.probe.time.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whole dialogues with a server that says whatever it likes: each ends with one result, within the bounds, and without
 * the password, though the server knows it. TLS is taken for granted where the dialogue comes to it.
 *
 * <p>Of the bytes, the first tells how the run protects itself and logs in; of the others NUL ends a packet, and 1 to 3
 * stand for the password: as it is, in base64, in the message of PLAIN.
 */
class DialogueFuzzTest {

    private static final String USER = "someone@example.org";
    private static final String PASSWORD = "canary-\"9\\f2ä";
    private static final String TOKEN = "canary-ya29.a0AfH6SMB";
    private static final NanoTicker TICKER = System::nanoTime;
    private static final MailHost EHLO_NAME = new MailHost("prober.example.net");
    private static final AuthMechanism[] MECHANISMS = AuthMechanism.values();

    @FuzzTest(maxDuration = "3m")
    void smtp(byte[] said) throws IOException {
        check(MailProtocol.SMTP, said);
    }

    @FuzzTest(maxDuration = "3m")
    void imap(byte[] said) throws IOException {
        check(MailProtocol.IMAP, said);
    }

    @FuzzTest(maxDuration = "3m")
    void pop3(byte[] said) throws IOException {
        check(MailProtocol.POP3, said);
    }

    private static void check(MailProtocol protocol, byte[] said) throws IOException {
        if (said.length == 0) {
            return;
        }
        boolean startTls = (said[0] & 0x10) != 0;
        AuthMechanism mechanism = MECHANISMS[(said[0] & 0x0f) % MECHANISMS.length];
        // What is no mechanism of SASL stands for the choice of the prober.
        Login login = mechanism.takesToken()
                ? new Login(USER, new Login.AccessToken(TOKEN), mechanism, true)
                : new Login(USER, PASSWORD, AuthMechanism.SUPPORTED.contains(mechanism) ? mechanism : null, true);
        RunSettings settings = new RunSettings(
                new Target(
                        new MailHost("127.0.0.1"), 25, startTls ? Security.STARTTLS : Security.NONE, AddressFamily.ANY),
                login,
                Thresholds.NONE,
                CertificatePolicy.DEFAULT,
                Expectations.NONE,
                null,
                Duration.ofSeconds(30),
                0);
        ProbeRequest request = switch (protocol) {
            case SMTP -> new SmtpRequest(settings, new ProtocolOptions.Smtp(new MailAddress("to@example.org")));
            case IMAP -> new ImapRequest(settings, new ProtocolOptions.Imap(new Folder("INBOX")));
            case POP3 -> new Pop3Request(settings, new ProtocolOptions.Pop3());
        };
        RunRecorder recorder = new RunRecorder(TICKER);
        Collection<String> secrets = WireForms.ofSecret(login);
        secrets.forEach(recorder::hide);
        Failure failure = converse(request, knowing(said), recorder);
        checkResult(RunVerdict.resultOf(request, recorder, failure), secrets);
    }

    private static @Nullable Failure converse(ProbeRequest request, byte[] said, RunRecorder recorder)
            throws IOException {
        Failure failure = null;
        try (Deadline deadline = Deadline.after(request.timeout(), TICKER);
                Connection connection = SaidBytes.connection(said, deadline, recorder)) {
            Dialogue dialogue = dialogue(request, connection, recorder);
            try {
                DialogueWalk.Step handshake = () -> {
                    recorder.begin(Phase.TLS);
                    connection.judged(Connection.Protection.TRUSTED);
                    recorder.end();
                };
                new DialogueWalk(request, dialogue, connection, handshake, recorder).walk();
            } catch (RunFailure stopped) {
                failure = new Failure(
                        stopped.code(),
                        recorder.phase(),
                        stopped.message(),
                        recorder.shown(stopped.serverReply(), ServerText.MAX_REPLY));
            }
            recorder.end();
            recorder.begin(Phase.QUIT);
            try {
                dialogue.sayGoodbye();
            } catch (RunFailure unanswered) {
                recorder.note("The server did not answer the good-bye.");
            }
            recorder.end();
        }
        return failure;
    }

    private static Dialogue dialogue(ProbeRequest request, Connection connection, RunRecorder recorder) {
        return switch (request) {
            case SmtpRequest smtp -> new SmtpDialogue(smtp, EHLO_NAME, connection, recorder);
            case ImapRequest imap -> new ImapDialogue(imap, connection, recorder);
            case Pop3Request _ -> new Pop3Dialogue(connection, recorder);
        };
    }

    /** The bytes behind the first, with the password where they stand for it. */
    private static byte[] knowing(byte[] said) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i < said.length; i++) {
            switch (said[i]) {
                case 1 -> all.writeBytes(PASSWORD.getBytes(UTF_8));
                case 2 -> all.writeBytes(base64(PASSWORD));
                case 3 -> all.writeBytes(base64("\0" + USER + "\0" + PASSWORD));
                default -> all.write(said[i]);
            }
        }
        return all.toByteArray();
    }

    private static byte[] base64(String text) {
        return Base64.getEncoder().encode(text.getBytes(UTF_8));
    }

    /** Its records have checked most of the bounds when they were made. */
    private static void checkResult(ProbeResult result, Collection<String> secrets) {
        assertThat(result.status() == Status.OK).isEqualTo(result.failure() == null);
        assertThat(result.capabilities()).hasSizeLessThanOrEqualTo(100);
        result.capabilities().forEach(capability -> ServerText.requireClean(capability, 256, "capability"));
        Failure failure = result.failure();
        if (failure != null) {
            assertThat(failure.code()).isNotEqualTo(FailureCode.INTERNAL_ERROR);
        }
        String everything = result.toString();
        assertThat(List.copyOf(secrets)).noneMatch(everything::contains);
    }
}
