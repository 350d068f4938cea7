package io.postwatch.e2e;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An agent that can be started, killed and started again, with a folder of its own. Called by one thread. */
final class AgentPart implements AutoCloseable {
    private static final Pattern APPLIED = Pattern.compile("(\\S+) INFO {2}StateDesk: Revision \\d+ applied: .*");

    /** As its users have it: the jar, and beside it how Java is to run it. */
    private static final Path BUILT = Platform.HOME.resolve("agent/target");

    private final String name;
    private final Path folder;
    private final List<String> jvmOptions = new ArrayList<>();
    private @Nullable Part process;

    AgentPart(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Writes its settings. From its next start on it dials this port of the machine and trusts this authority, too. */
    void configure(int controllerPort, TestAuthority authority) {
        configure(controllerPort, authority, List.of());
    }

    /** The same with more lines of its settings. */
    void configure(int controllerPort, TestAuthority authority, List<String> more) {
        try {
            Path trusted = folder.resolve("authority.pem");
            authority.writePem(trusted);
            Files.writeString(settings(), """
                    state=%s
                    controller=localhost:%d
                    addresses.allow=127.0.0.0/8, ::1/128
                    tls.extra-ca-file=%s
                    %s
                    """.formatted(state(), controllerPort, trusted, String.join("\n", more)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From its next start on Java is told this, too. */
    void runWith(List<String> options) {
        jvmOptions.addAll(options);
    }

    boolean isStarted() {
        return process != null;
    }

    /** Enrols with this token where it did not before. */
    void start(String enrolmentToken) {
        List<String> options = new ArrayList<>(List.of("@" + BUILT.resolve("postwatch-agent.options")));
        options.addAll(jvmOptions);
        process = Part.start(
                name,
                log(),
                options,
                BUILT.resolve("postwatch-agent.jar"),
                List.of("run", "--config", settings().toString()),
                Map.of("POSTWATCH_ENROL_TOKEN", enrolmentToken));
    }

    /** Stops it until {@link #resume}: its connections stand, and it does nothing. */
    void pause() {
        if (process != null) {
            process.pause();
        }
    }

    /** It goes on where it was stopped. What has ended by itself is a failure. */
    void resume() {
        if (process != null) {
            process.checkRunning();
            process.resume();
        }
    }

    /** kill -9. */
    void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /** As a service manager stops it. */
    @Override
    public void close() {
        Part last = process;
        process = null;
        if (last != null) {
            last.close();
        }
    }

    /** What its memory holds, garbage included. */
    void dumpHeap(Path file) {
        Objects.requireNonNull(process, "it was not started").dumpHeap(file, true);
    }

    /** What it keeps on its disk. */
    Path state() {
        return folder.resolve(name);
    }

    AgentSpool spool() {
        return new AgentSpool(state().resolve("spool.db"));
    }

    /** When it said that it runs what it was told, in all its lives. */
    List<Instant> applied() {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.map(APPLIED::matcher)
                    .filter(Matcher::matches)
                    .map(line -> Instant.parse(line.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    private Path settings() {
        return folder.resolve(name + ".properties");
    }
}
