package io.postwatch.bench.agent;

import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The built agent as a process of its own, all it keeps in one folder. Called by one thread. */
final class AgentProcess implements AutoCloseable {

    private final Child process;
    private final long startedNanos;

    private AgentProcess(Child process, long startedNanos) {
        this.process = process;
        this.startedNanos = startedNanos;
    }

    /** Where an agent keeps what it has, and how it is started. */
    record Installation(Path jar, Path state, Path settings, Path log, List<String> prefix, List<String> jvmOptions) {

        static Installation make(
                Path home,
                Path folder,
                String controller,
                Path authorities,
                List<String> prefix,
                List<String> jvmOptions)
                throws IOException {
            Files.createDirectories(folder);
            Path settings = folder.resolve("agent.properties");
            Path state = folder.resolve("state");
            Files.writeString(settings, """
                    state=%s
                    controller=%s
                    addresses.allow=127.0.0.0/8
                    tls.extra-ca-file=%s
                    """.formatted(state, controller, authorities));
            return new Installation(
                    home.resolve("agent/target/postwatch-agent.jar"),
                    state,
                    settings,
                    folder.resolve("agent.log"),
                    prefix,
                    jvmOptions);
        }

        SpoolReader spool() {
            return new SpoolReader(state.resolve("spool.db"));
        }

        /** With a token where it is to enrol. */
        AgentProcess start(String token) throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of("env", "POSTWATCH_ENROL_TOKEN=" + token));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            for (String option : jvmOptions) {
                command.add(option.replace("@state@", state.toString()));
            }
            command.addAll(List.of("-jar", jar.toString(), "run", "--config", settings.toString()));
            long now = System.nanoTime();
            return new AgentProcess(Child.unread(command, log), now);
        }
    }

    long startedNanos() {
        return startedNanos;
    }

    boolean isRunning() {
        return process.isRunning();
    }

    long residentBytes() throws IOException {
        return ProcessMemory.residentBytes(process.handle().pid());
    }

    long liveHeapBytes() throws IOException {
        return ProcessMemory.liveHeapBytes(process.handle().pid());
    }

    int threads() throws IOException {
        return ProcessMemory.threads(process.handle().pid());
    }

    /** As a service manager stops it. */
    @Override
    public void close() {
        process.handle().destroy();
        process.close();
    }
}
