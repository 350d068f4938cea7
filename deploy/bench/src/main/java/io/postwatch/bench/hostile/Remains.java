package io.postwatch.bench.hostile;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds when it has nothing to do.
 *
 * @param threads of the platform
 * @param virtualThreads that have not ended
 * @param sockets that are open
 * @param heapBytes in use after a collection
 * @param heapPeakBytes the most that was ever in use, garbage included
 */
record Remains(int threads, long virtualThreads, long sockets, long heapBytes, long heapPeakBytes) {

    private static final Pattern VIRTUAL = Pattern.compile("^#\\d+ .* virtual", Pattern.MULTILINE);

    static Remains now() throws IOException {
        System.gc();
        return new Remains(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                virtual(),
                open(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                heapPeak());
    }

    static long heapPeak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static long virtual() throws IOException {
        Path folder = Files.createTempDirectory("postwatch-threads");
        Path dump = folder.resolve("threads");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return VIRTUAL.matcher(Files.readString(dump)).results().count();
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }

    /** As Linux tells. */
    private static long open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    String line() {
        return "%d %d %d %d %d".formatted(threads, virtualThreads, sockets, heapBytes, heapPeakBytes);
    }

    static Remains of(String line) {
        String[] words = line.split(" ", -1);
        return new Remains(
                Integer.parseInt(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]));
    }
}
