package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of {@code deploy/quickstart}, as a person starts it. */
final class QuickStart implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(4);
    private static final int SECONDS_TO_STOP = 60;

    private final Process process;
    private final Path output;

    private QuickStart(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Runs what the build has made. */
    static QuickStart start(Path output, String... options) {
        return start(output, Map.of(), options);
    }

    /**
     * Runs what the build has made.
     *
     * @param environment is added to that of this process
     */
    static QuickStart start(Path output, Map<String, String> environment, String... options) {
        // A process group of its own that heeds Ctrl-C, as a terminal gives it: one in the background ignores it.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                "setsid",
                Platform.HOME.resolve("deploy/quickstart").toString()));
        // A build inside the build would change what is tested.
        command.add("--no-build");
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return new QuickStart(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it has told that its controller is ready. */
    void awaitController() {
        awaitSaid("Controller ready after");
    }

    /** Returns when it has told how to sign in. */
    void awaitReady() {
        awaitSaid("Ctrl-C stops everything");
    }

    private void awaitSaid(String words) {
        await("the quick start says: " + words).atMost(READY_WITHIN).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the quick start has ended: " + said());
            }
            return said().contains(words);
        });
    }

    int awaitEnd() {
        try {
            if (!process.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the quick start goes on: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ctrl-C: the signal goes to the script and to everything it started. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", "--", "-" + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** kill -9 of the script alone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Everything it started, itself aside. */
    List<ProcessHandle> parts() {
        return process.descendants().toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("the quick start did not stop: " + said());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
