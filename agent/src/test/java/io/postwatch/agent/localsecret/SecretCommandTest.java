package io.postwatch.agent.localsecret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.localsecret.SecretCommand.Answer;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs real programs of the host: what a shell does here is the test's own. */
@Timeout(60)
class SecretCommandTest {

    private static final LocalSecretName ALICE = new LocalSecretName("imap-alice");
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path home;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void theFirstLineCounts() {
        assertThat(line(shell("printf 'se cret\\r\\nuser: alice\\n'"))).isEqualTo("se cret");
        assertThat(line(shell("printf 'secret'"))).isEqualTo("secret");
    }

    @Test
    void noShellReadsTheWords() {
        assertThat(line(command(LONG, "/bin/echo", "$HOME", "*", "a  b;", "`id`")))
                .isEqualTo("$HOME * a  b; `id`");
    }

    @Test
    void thereIsNothingToReadForIt() {
        assertThat(failure(command(LONG, "/bin/cat"))).endsWith("printed what can't be used: its first line is empty.");
    }

    @Test
    void aFailureTellsItsStatusAndNothingOfWhatWasSaid() {
        SecretCommand command = shell("echo canary; echo canary >&2; exit 3");
        LocalSecretException failure = ((Answer.None) command.answer().join()).failure();
        assertThat(failure.sentence()).isEqualTo("The command of the secret \"imap-alice\" ended with status 3.");
        assertThat(failure.detail()).startsWith("/bin/sh: ").doesNotContain("canary");
        assertThat(failure(command(LONG, home.resolve("nothing").toString()))).endsWith("can't be started.");
    }

    @Test
    void whatIsNoSecretIsRefused() {
        assertThat(failure(shell("printf '\\nsecret\\n'"))).contains("is empty");
        assertThat(failure(shell("printf 'p\\344ssword\\n'"))).contains("not text in UTF-8");
        assertThat(failure(shell("printf 'a\\000b\\n'"))).contains("NUL");
        assertThat(failure(shell("head -c 9000 /dev/zero | tr '\\0' x"))).contains("longer than 8194 bytes");
    }

    @Test
    void aProgramThatPrintsWithoutEndIsEnded() {
        assertThat(failure(command(LONG, "/usr/bin/yes", "canary")))
                .endsWith("printed more than 65536 bytes.")
                .doesNotContain("canary");
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithWhatItStarted() throws IOException {
        Path pid = home.resolve("pid");
        SecretCommand command = command(SHORT, "/bin/sh", "-c", "sleep 50 & echo $! > '" + pid + "'; wait");
        CompletableFuture<Answer> answer = command.answer();
        await().until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
        nanos.addAndGet(SHORT.toNanos());
        assertThat(answer.join()).isInstanceOf(Answer.None.class);
        assertThat(failure(command)).contains("took longer than").contains("was ended");
        long child = Long.parseLong(Files.readString(pid).strip());
        await().until(() ->
                ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void whatAProgramLeavesBehindHoldsUpNobody() throws IOException {
        Path pid = home.resolve("pid");
        SecretCommand command =
                command(SHORT, "/bin/sh", "-c", "setsid sleep 50 & echo $! > '" + pid + "'; echo secret");
        CompletableFuture<Answer> answer = command.answer();
        await().until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
        long leftBehind = Long.parseLong(Files.readString(pid).strip());
        try {
            await().until(() -> ProcessHandle.of(leftBehind)
                    .flatMap(ProcessHandle::parent)
                    .filter(parent -> parent.info().command().orElse("").endsWith("sh"))
                    .isEmpty());
            nanos.addAndGet(SHORT.toNanos());
            assertThat(answer.join()).isInstanceOf(Answer.None.class);
        } finally {
            ProcessHandle.of(leftBehind).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void itIsStartedAtMostOnceAMinuteHoweverManyAsk() throws IOException {
        Path starts = home.resolve("starts");
        SecretCommand command = shell("echo x >> '" + starts + "'; echo secret");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(command.answer());
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(new Answer.Line("secret")));
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(line(command)).isEqualTo("secret");
        assertThat(Files.readAllLines(starts)).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        awaitAnotherStart(command, starts);
    }

    @Test
    void aFailureIsKeptAsLong() throws IOException {
        Path starts = home.resolve("starts");
        SecretCommand command = shell("echo x >> '" + starts + "'; exit 1");
        assertThat(failure(command)).isEqualTo(failure(command));
        assertThat(Files.readAllLines(starts)).hasSize(1);
    }

    @Test
    void aRunThatCanNotWaitDoesNotSpoilTheAnswerForTheNext() throws Exception {
        Path go = home.resolve("go");
        LocalSecrets secrets = new LocalSecrets(
                Map.of(
                        ALICE,
                        new LocalSecret(
                                new SecretSource.Command(List.of(
                                        "/bin/sh",
                                        "-c",
                                        "until [ -e '" + go + "' ]; do sleep 0.05; done; echo secret")),
                                Set.of())),
                variable -> null,
                System::nanoTime);
        MailHost host = new MailHost("imap.example.org");
        try (Deadline soon = Deadline.after(SHORT, System::nanoTime)) {
            assertThatThrownBy(() -> secrets.read(ALICE, host, soon))
                    .isInstanceOf(LocalSecretException.class)
                    .hasMessageContaining("within the run's time");
        }
        try (Deadline cut = Deadline.after(LONG, System::nanoTime)) {
            cut.cancel();
            assertThatThrownBy(() -> secrets.read(ALICE, host, cut)).isInstanceOf(LocalSecretException.class);
        }
        Files.createFile(go);
        try (Deadline later = Deadline.after(LONG, System::nanoTime)) {
            assertThat(secrets.read(ALICE, host, later)).isEqualTo("secret");
        }
    }

    @Test
    void anAnswerDoesNotPrintItsSecret() {
        assertThat(new Answer.Line("canary").toString()).doesNotContain("canary");
    }

    /** What is left of the program before may take a moment to end. */
    private void awaitAnotherStart(SecretCommand command, Path starts) {
        await().until(() -> {
            command.answer().join();
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            return Files.readAllLines(starts).size() > 1;
        });
    }

    private SecretCommand shell(String script) {
        return command(LONG, "/bin/sh", "-c", script);
    }

    private SecretCommand command(Duration timeLimit, String... words) {
        return new SecretCommand(ALICE, new SecretSource.Command(List.of(words)), nanos::get, timeLimit);
    }

    private static String line(SecretCommand command) {
        return ((Answer.Line) command.answer().join()).secret();
    }

    private static String failure(SecretCommand command) {
        return ((Answer.None) command.answer().join()).failure().sentence();
    }
}
