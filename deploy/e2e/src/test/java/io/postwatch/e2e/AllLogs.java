package io.postwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Logs as full as whoever runs a part can make them, wherever a request, a message or a secret passes. */
final class AllLogs {
    /** How a controller is put together: much of it, and all before anybody has sent anything. */
    private static final List<String> OF_THE_START = List.of(
            "ORG_SPRINGFRAMEWORK_AOP",
            "ORG_SPRINGFRAMEWORK_BEANS",
            "ORG_SPRINGFRAMEWORK_BOOT",
            "ORG_SPRINGFRAMEWORK_CONTEXT",
            "ORG_SPRINGFRAMEWORK_CORE",
            "ORG_HIBERNATE");

    private AllLogs() {}

    /** As variables of its environment: everything at the level TRACE. */
    static Map<String, String> ofAController() {
        Map<String, String> levels = new HashMap<>(Map.of("LOGGING_LEVEL_ROOT", "TRACE"));
        OF_THE_START.forEach(logger -> levels.put("LOGGING_LEVEL_" + logger, "INFO"));
        return levels;
    }

    /**
     * As options of Java, whose own logging is told by a file to write more: an agent has no setting for that.
     *
     * @param folder where that file is, and then those that begin with the agent's name and {@code -all.log}
     */
    static List<String> ofAnAgent(Path folder, String name) {
        Path settings = folder.resolve(name + "-logging.properties");
        try {
            Files.writeString(settings, """
                    io.postwatch.handlers=java.util.logging.FileHandler
                    io.postwatch.level=ALL
                    io.grpc.netty.handlers=java.util.logging.FileHandler
                    io.grpc.netty.level=ALL
                    java.util.logging.FileHandler.pattern=%s
                    java.util.logging.FileHandler.append=true
                    java.util.logging.FileHandler.level=ALL
                    java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter
                    """.formatted(folder.resolve(name + "-all.log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-Djava.util.logging.config.file=" + settings);
    }
}
