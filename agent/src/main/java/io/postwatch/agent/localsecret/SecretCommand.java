package io.postwatch.agent.localsecret;

import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A program that prints a secret, started at most once a minute however many runs ask: what it printed, or how it failed,
 * is kept so long and then forgotten.
 *
 * <p>Any thread may ask, and doesn't wait here. The program runs on a thread of its own, for at most 10 seconds and
 * whatever becomes of the run that asked first, so that a run which is cut off doesn't spoil the answer for the others.
 */
final class SecretCommand {

    static final Duration KEPT = Duration.ofMinutes(1);
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    /** Of which the first line counts; a program that prints more was not written for this. */
    static final int MAX_OUTPUT = 65_536;

    private final LocalSecretName name;
    private final List<String> words;
    private final NanoTicker ticker;
    private final Duration timeLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Start latest;
    private @Nullable Thread reader;

    SecretCommand(LocalSecretName name, SecretSource.Command command, NanoTicker ticker, Duration timeLimit) {
        this.name = name;
        this.words = command.words();
        this.ticker = ticker;
        this.timeLimit = timeLimit;
    }

    /** What became of one start of the program. */
    sealed interface Answer {

        /** Its first line. */
        record Line(String secret) implements Answer {

            @Override
            public String toString() {
                return "Line[redacted]";
            }
        }

        /** Why there is none. */
        record None(LocalSecretException failure) implements Answer {}
    }

    /** From when the program was started until its answer is forgotten. */
    private record Start(CompletableFuture<Answer> answer, Deadline kept) {}

    /** The answer, which may still have to come; it always does, within the time limit. */
    CompletableFuture<Answer> answer() {
        lock.lock();
        try {
            if (latest == null || latest.kept().isPassed()) {
                latest = start();
            }
            return latest.answer().copy();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private Start start() {
        Start start = new Start(new CompletableFuture<>(), Deadline.after(KEPT, ticker));
        start.kept().register(() -> forget(start));
        if (reader != null && reader.isAlive()) {
            start.answer().complete(none("was ended and left something behind that holds its output", "not started"));
            return start;
        }
        reader = Thread.ofPlatform()
                .daemon()
                .name("secret-" + name)
                .start(() -> start.answer().complete(run(start.answer())));
        return start;
    }

    private void forget(Start start) {
        lock.lock();
        try {
            // Another one may have taken its place.
            if (start.equals(latest)) {
                latest = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private Answer run(CompletableFuture<Answer> answer) {
        Process process;
        try {
            process = builder().start();
        } catch (IOException unstartable) {
            return none("can't be started", unstartable.getClass().getName());
        }
        try (Deadline limit = Deadline.after(timeLimit, ticker);
                Deadline.Registration _ = limit.register(() -> {
                    // Without waiting for the end of its output, which something that it left behind may hold open.
                    answer.complete(none("took longer than " + timeLimit.toSeconds() + " s and was ended", "killed"));
                    end(process);
                })) {
            return answerOf(process);
        } catch (IOException cut) {
            return none("broke off while it answered", cut.getClass().getName());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return none("was interrupted", "the agent stops");
        } catch (RuntimeException fault) {
            // Whoever waits must hear something; what is in the fault may be a part of what was printed.
            return none("could not be run", fault.getClass().getName());
        } finally {
            end(process);
        }
    }

    private Answer answerOf(Process process) throws IOException, InterruptedException {
        try (InputStream output = process.getInputStream()) {
            byte[] printed = output.readNBytes(MAX_OUTPUT + 1);
            if (printed.length > MAX_OUTPUT) {
                Arrays.fill(printed, (byte) 0);
                return none("printed more than " + MAX_OUTPUT + " bytes", "ended");
            }
            int status = process.waitFor();
            if (status != 0) {
                Arrays.fill(printed, (byte) 0);
                return none("ended with status " + status, "by hand, as the agent's user, it says more");
            }
            return new Answer.Line(SecretText.firstLine(printed));
        } catch (CharacterCodingException | IllegalArgumentException unusable) {
            return none("printed what can't be used: its first line " + SecretText.whatIsWrong(unusable), "unusable");
        }
    }

    /** Its errors are not looked at: a program may print there what it should not. */
    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(new File("/"))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The agent's own settings, an enrolment token among them, are none of its business.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("POSTWATCH_"));
        return builder;
    }

    private static void end(Process process) {
        // Once it is over, its number may be another's.
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Answer none(String what, String detail) {
        return new Answer.None(new LocalSecretException(
                "The command of the secret \"" + name + "\" " + what + ".", words.getFirst() + ": " + detail));
    }
}
