package io.postwatch.agent.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process occupies in memory. */
final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private ResidentMemory() {}

    /** Bytes; 0 where the operating system doesn't tell. */
    static long bytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return 0;
        } catch (IOException | NumberFormatException untold) {
            return 0;
        }
    }
}
