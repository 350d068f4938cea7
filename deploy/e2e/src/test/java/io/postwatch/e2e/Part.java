package io.postwatch.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A controller or an agent: one Java process of its own, whose output goes to a file. */
final class Part implements AutoCloseable {
    /** What lives for a minute spends a third of its start on compiling better than it will ever need: one tier is enough. */
    static final List<String> SHORT_LIFE = List.of(
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:TieredStopAtLevel=1");

    private static final Path JAVA_FOLDER = Path.of(System.getProperty("java.home"), "bin");

    private static final int SECONDS_TO_STOP = 30;

    private final String name;
    private final Path log;
    private final Process process;

    private Part(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts {@code java -jar} with these options of the JVM, these arguments and these variables in its environment. The
     * process ends when the calling thread does.
     */
    static Part start(
            String name,
            Path log,
            List<String> jvmOptions,
            Path jar,
            List<String> arguments,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(JAVA_FOLDER.resolve("java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        return start(name, log, command, new ProcessBuilder(), environment);
    }

    /**
     * Starts what a person pasted into a shell in this folder, whose {@code java} is the one that runs the tests. The
     * shell is Bash, which becomes the command: so a signal reaches it.
     *
     * @param home the person's home folder
     */
    static Part pasted(String name, Path log, String command, Path folder, Path home) {
        return start(
                name,
                log,
                List.of("bash", "-c", command),
                new ProcessBuilder().directory(folder.toFile()),
                Map.of("HOME", home.toString(), "PATH", JAVA_FOLDER + ":" + System.getenv("PATH")));
    }

    /** PostgreSQL, which refuses to run as root. */
    static Part postgres(Path log, List<String> command) {
        List<String> whole = new ArrayList<>();
        if (System.getProperty("user.name", "").equals("root")) {
            // Who changes its user is no longer told when its parent ends, unless it asks again.
            whole.addAll(List.of(
                    "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig", "KILL", "--"));
        }
        whole.addAll(command);
        return start("PostgreSQL", log, whole, new ProcessBuilder().directory(new File("/")), Map.of());
    }

    private static Part start(
            String name, Path log, List<String> command, ProcessBuilder builder, Map<String, String> environment) {
        LastLines.note(log);
        // It goes when this test run goes, however that ends.
        List<String> whole = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        whole.addAll(command);
        builder.command(whole).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new Part(name, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails with the end of what it wrote when it has ended. */
    void checkRunning() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended with " + process.exitValue() + ": " + lastWritten());
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** As Ctrl-C does, which ends a database faster than the other ways; returns when the process is gone. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        var _ = awaitEnd();
    }

    /** SIGSTOP: it and its children do nothing, and their connections stand, until {@link #resume}. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT; nothing where it was not stopped. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants())
                .map(each -> Long.toString(each.pid()))
                .forEach(command::add);
        try {
            // A child that has ended meanwhile is no failure.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Has the JVM write its heap into a file of HPROF's format.
     *
     * @param garbage whether with what nobody refers to any more; otherwise that is collected first
     */
    void dumpHeap(Path file, boolean garbage) {
        List<String> command = new ArrayList<>(
                List.of(JAVA_FOLDER.resolve("jcmd").toString(), Long.toString(process.pid()), "GC.heap_dump"));
        if (garbage) {
            command.add("-all");
        }
        command.add(file.toString());
        try {
            Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0 || !Files.exists(file)) {
                throw new IllegalStateException("The heap of " + name + " could not be dumped: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** kill -9: returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to stop, as Ctrl-C or a service manager does, and returns when the process is gone. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                kill();
                throw new IllegalStateException(
                        name + " did not stop within " + SECONDS_TO_STOP + " s: " + lastWritten());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns its exit code when it has ended by itself. */
    int awaitEnd() {
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " goes on: " + lastWritten());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String lastWritten() {
        return LastLines.of(log);
    }
}
