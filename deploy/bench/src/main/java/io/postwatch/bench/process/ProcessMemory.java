package io.postwatch.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process takes of this machine's memory and files, as the kernel and its JVM count it. */
public final class ProcessMemory {

    private static final String TOTAL = "Total";
    private static final String OPEN_FILES = "Max open files";

    private ProcessMemory() {}

    /** Resident memory: proc(5), status, VmRSS. */
    public static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("process " + pid + " has ended");
    }

    /** Threads that the kernel knows. */
    public static int threads(long pid) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return (int) tasks.count();
        }
    }

    /** What is alive on the heap of a JVM: jcmd, GC.class_histogram, which collects first. */
    public static long liveHeapBytes(long pid) throws IOException {
        for (String line : histogram(pid)) {
            if (line.startsWith(TOTAL)) {
                String[] words = line.trim().split("\\s+", -1);
                return Long.parseLong(words[2]);
            }
        }
        throw new IOException("jcmd said nothing of the heap of process " + pid);
    }

    /** The classes of which most is alive on the heap of a JVM, each a line as jcmd prints it. */
    public static List<String> histogram(long pid) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (var output = jcmd.inputReader()) {
            return output.lines().toList();
        }
    }

    /** How many files and connections this process may have open; the JVM has raised it as far as it may. */
    public static long openFilesLimit() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith(OPEN_FILES)) {
                String soft = line.substring(OPEN_FILES.length()).trim().split("\\s+", -1)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        throw new IOException("/proc/self/limits says nothing of open files");
    }
}
