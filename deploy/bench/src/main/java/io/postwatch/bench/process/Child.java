package io.postwatch.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of this benchmark. It ends when its standard input does, and is ended where it does not. */
public final class Child implements AutoCloseable {

    private static final int SECONDS_TO_STOP = 10;

    private final Process process;
    private final BufferedReader output;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a command of this program in a JVM of its own. */
    public static Child java(List<String> prefix, List<String> jvmOptions, Path log, String... arguments)
            throws IOException {
        return java(prefix, jvmOptions, System.getProperty("java.class.path"), log, arguments);
    }

    /** Starts a command of a build of this program, which may be another one, in a JVM of its own. */
    public static Child java(
            List<String> prefix, List<String> jvmOptions, String classPath, Path log, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, "io.postwatch.bench.Bench"));
        command.addAll(List.of(arguments));
        return start(command, log);
    }

    /** Starts a program whose output is read; its complaints go into the log. */
    public static Child start(List<String> command, Path log) throws IOException {
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /** Starts a program whose output nobody reads: unread in a pipe it would hold the program up when it is full. */
    public static Child unread(List<String> command, Path log) throws IOException {
        return new Child(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    public String nextLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("a process of the benchmark ended by itself: "
                    + process.info().command().orElse("?"));
        }
        return line;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
