package io.postwatch.e2e;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent that can be started, killed and started again, with a folder of its own. Called by one thread. */
final class AgentPart implements AutoCloseable {
    private final String name;
    private final Path folder;
    private @Nullable Part process;

    AgentPart(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Writes its settings. From its next start on it dials this port of the machine and trusts this authority, too. */
    void configure(int controllerPort, TestAuthority authority) {
        try {
            Path trusted = folder.resolve("authority.pem");
            authority.writePem(trusted);
            Files.writeString(settings(), """
                    state=%s
                    controller=localhost:%d
                    addresses.allow=127.0.0.0/8, ::1/128
                    tls.extra-ca-file=%s
                    """.formatted(folder.resolve(name), controllerPort, trusted));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isStarted() {
        return process != null;
    }

    /** Enrols with this token where it did not before. */
    void start(String enrolmentToken) {
        process = Part.start(
                name,
                folder.resolve(name + ".log"),
                Platform.HOME.resolve("agent/target/postwatch-agent.jar"),
                List.of("run", "--config", settings().toString()),
                Map.of("POSTWATCH_ENROL_TOKEN", enrolmentToken));
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

    AgentSpool spool() {
        return new AgentSpool(folder.resolve(name).resolve("spool.db"));
    }

    private Path settings() {
        return folder.resolve(name + ".properties");
    }
}
