package io.postwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One running Dovecot, Exim or Postfix. It lives as long as the standard input of its script is open. */
final class MailServerProcess implements AutoCloseable {
    private static final int SECONDS_TO_STOP = 30;

    private final String name;
    private final Path log;
    private final Process process;

    private MailServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    static MailServerProcess start(String name, Path unpacked, Path settings, Path log) {
        List<String> command = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("sudo", "-n"));
        }
        Path script = settings.resolveSibling("serve");
        command.addAll(List.of("bash", script.toString(), unpacked.toString(), settings.toString(), name));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new MailServerProcess(name, log, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails with what the server wrote when it has ended. */
    void checkRunning() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended: " + written());
        }
    }

    /** Returns when no process of the server is left. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " did not stop: " + written());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String written() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
