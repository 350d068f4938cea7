package io.postwatch.bench.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the agent's engine is started here: with the collector of an agent and the heap that the prober must do with. */
public final class AgentJvm {

    public static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx64m");

    private AgentJvm() {}

    /** What goes in front of a command to keep it on one CPU; nothing where there is none for it. */
    public static List<String> pinnedTo(@Nullable Integer cpu) {
        return cpu == null ? List.of() : List.of("taskset", "--cpu-list", cpu.toString());
    }
}
