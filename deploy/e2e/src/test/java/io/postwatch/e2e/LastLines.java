package io.postwatch.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Puts into the message of a failure what the parts of Postwatch wrote last: where a test fails on a machine of somebody
 * else, its message is all there is. Before anything is stopped, where that is left to a method of the test's life cycle.
 */
final class LastLines implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final int LINES = 30;
    private static final String TITLE = "--- the last lines of ";

    /** Those of tests that are over were removed with their folders. */
    private static final Set<Path> LOGS = new ConcurrentSkipListSet<>();

    /** A part writes there. */
    static void note(Path log) {
        LOGS.add(log.toAbsolutePath());
    }

    /** Of each log there is. */
    static String ofAll() {
        return LOGS.stream()
                .filter(Files::exists)
                .map(log -> TITLE + log + "\n" + of(log))
                .collect(Collectors.joining("\n"));
    }

    /** What cannot be read says why. */
    static String of(Path log) {
        try {
            // Whatever bytes there are: an end that can't be read would hide why.
            List<String> lines =
                    Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw told(failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw told(failure);
    }

    private static Throwable told(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains(TITLE) ? failure : new AssertionError(message + "\n" + ofAll(), failure);
    }
}
