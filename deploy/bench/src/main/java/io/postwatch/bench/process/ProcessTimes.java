package io.postwatch.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** CPU time of processes as the kernel counts it: proc(5), stat. The kernel scales what it sampled to what it measured. */
public final class ProcessTimes {

    /** USER_HZ, which is 100 on every Linux. */
    private static final double TICK_MILLIS = 10;

    private static final int UTIME = 11;
    private static final int CSTIME = 14;

    private ProcessTimes() {}

    /** User and system time of a process so far, its own and that of children it has waited for. */
    public static double cpuMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // The name, in parentheses, may hold spaces; what follows it begins with field 3.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = UTIME; i <= CSTIME; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK_MILLIS;
    }

    /** The same of all processes that run in a program's tree. */
    public static double treeCpuMillis(ProcessHandle top) {
        return Stream.concat(Stream.of(top), top.descendants())
                .mapToDouble(process -> {
                    try {
                        return cpuMillis(process.pid());
                    } catch (IOException ended) {
                        return 0;
                    }
                })
                .sum();
    }
}
