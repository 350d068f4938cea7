package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;

import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.testserver.Recording;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A dialogue of the corpus, and the run that wants what the recorded client wanted.
 *
 * @param text as it is to be replayed
 */
record RecordedDialogue(String name, String text) {

    static final String TOKEN = "canary-ya29.a0AfH6SMB";
    static final List<Packets> PACKETS = List.of(Packets.ofSize(1), Packets.ofSize(7), Packets.random(1, 60));

    private static final Path CORPUS = Path.of("src/test/resources/dialogues");

    private static final Pattern LOGIN = Pattern.compile(
            "^C\\??: (?:AUTH |\\{tag} AUTHENTICATE |\\{tag} (?=LOGIN ))([A-Z0-9-]+)", Pattern.MULTILINE);

    private static final Pattern STARTTLS = Pattern.compile("^C: (?:(?:\\{tag} )?STARTTLS|STLS)$", Pattern.MULTILINE);

    private static final Pattern USER_PASS = Pattern.compile("^C: USER ", Pattern.MULTILINE);

    /** From the sender to the good-bye: what a run does not say that nobody asked for a recipient. */
    private static final Pattern TRANSACTION =
            Pattern.compile("^C: MAIL FROM:.*?(?=^C: QUIT)", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern RECIPIENT = Pattern.compile("^C: RCPT TO:.*\\n(?:S: .*\\n)+", Pattern.MULTILINE);

    /**
     * As recorded, but where the client logged in by a command of the protocol's own no mechanism is offered: the prober
     * would have preferred it.
     */
    static RecordedDialogue of(String name) throws IOException {
        String text = Files.readString(CORPUS.resolve(name + ".txt"));
        if (text.contains("C: {tag} LOGIN ")) {
            text = text.replace(" AUTH=LOGIN", "");
        }
        if (USER_PASS.matcher(text).find()) {
            text = text.replaceAll("(?m)^S: SASL .*\\n", "");
        }
        return new RecordedDialogue(name, text);
    }

    /** The names of all of them. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".txt"))
                    .map(file -> file.substring(0, file.length() - ".txt".length()))
                    .sorted()
                    .toList();
        }
    }

    boolean asksForRecipients() {
        return TRANSACTION.matcher(text).find();
    }

    /** How many recipients the client asked for. */
    int recipients() {
        return (int) RECIPIENT.matcher(text).results().count();
    }

    RecordedDialogue withoutTransaction() {
        return new RecordedDialogue(name, TRANSACTION.matcher(text).replaceAll(""));
    }

    /** As if the client had asked for that recipient only, counted from 1. */
    RecordedDialogue withRecipient(int number) {
        List<String> asked =
                RECIPIENT.matcher(text).results().map(MatchResult::group).toList();
        String one = text;
        for (int i = 0; i < asked.size(); i++) {
            one = i + 1 == number ? one : one.replace(asked.get(i), "");
        }
        return new RecordedDialogue(name, one);
    }

    TestServer replayed(Packets packets) throws IOException {
        return TestServer.replay(Recording.parse(name, text), ARun.GOOD)
                .packets(packets)
                .start();
    }

    ARun run(TestServer server) {
        ARun run = aRun().of(protocol(), server);
        if (STARTTLS.matcher(text).find()) {
            run.startTls();
        } else if (text.contains("\nTLS\n")) {
            run.tls();
        }
        Matcher login = LOGIN.matcher(text);
        if (login.find()) {
            run.loggingIn(login(AuthMechanism.valueOf(login.group(1).replace('-', '_'))));
        } else if (USER_PASS.matcher(text).find()) {
            run.loggingInUnencrypted();
        }
        return run;
    }

    private MailProtocol protocol() {
        return name.contains("-imap-")
                ? MailProtocol.IMAP
                : name.contains("-pop3-") ? MailProtocol.POP3 : MailProtocol.SMTP;
    }

    private static Login login(AuthMechanism mechanism) {
        return new Login(
                USER,
                mechanism.takesToken() ? new Login.AccessToken(TOKEN) : new Login.Password(PASSWORD),
                mechanism,
                true);
    }
}
