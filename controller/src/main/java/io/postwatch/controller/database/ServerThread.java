package io.postwatch.controller.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server, then reads what it says until it ends. A daemon: the kernel stops the server with the JVM. */
final class ServerThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(ServerThread.class);
    private static final int REMEMBERED_LINES = 20;

    private final ProcessBuilder builder;
    private final CompletableFuture<Process> started = new CompletableFuture<>();
    private final Deque<String> lines = new ArrayDeque<>();

    ServerThread(ProcessBuilder builder) {
        super("embedded-postgres");
        this.builder = builder;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            Process process = builder.start();
            started.complete(process);
            try (BufferedReader reader = process.inputReader()) {
                reader.lines().forEach(this::remember);
            }
            process.waitFor();
        } catch (IOException | UncheckedIOException e) {
            started.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remember(String line) {
        LOG.debug("{}", line);
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > REMEMBERED_LINES) {
                lines.removeFirst();
            }
        }
    }

    Process process() throws IOException, InterruptedException {
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("It can't be executed: " + e.getCause(), e);
        }
    }

    /** What the server said last; waits until it has ended. */
    String lastLines() throws InterruptedException {
        join(TimeUnit.SECONDS.toMillis(10));
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }
}
