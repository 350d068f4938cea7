package io.postwatch.bench.hostile;

import io.postwatch.bench.process.AgentJvm;
import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench/run hostile}: good servers probed alone and beside hostile ones, in turn. */
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description = {
            "How much longer runs of good servers take while as many hostile ones are probed, in a heap of 64 MiB.",
            "Prints a line for each turn and a line RESULT with the median over all rounds."
        })
public final class HostileCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(names = "--servers", description = "Good servers, and hostile ones as many (${DEFAULT-VALUE}).")
    private int servers = 500;

    @Option(names = "--rounds", description = "Rounds of two turns, without and with the hostile (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(names = "--seconds", description = "Of a turn (${DEFAULT-VALUE}).")
    private int seconds = 20;

    @Option(names = "--period", description = "Milliseconds between two runs of one server (${DEFAULT-VALUE}).")
    private int period = 5000;

    @Option(names = "--timeout", description = "Milliseconds that a run may take (${DEFAULT-VALUE}).")
    private int timeout = 5000;

    @Option(names = "--warm-up", description = "Seconds before anything is measured (${DEFAULT-VALUE}).")
    private int warmUp = 60;

    @Option(names = "--prober-cpu", hidden = true, description = "The CPU for the prober; servers have others.")
    private @Nullable Integer proberCpu;

    public HostileCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Path authority = folder.path().resolve("authority.p12");
            List<String> options = List.of("-XX:+UseSerialGC", "-Xmx512m");
            Path log = folder.path().resolve("log");
            List<Child> children = new ArrayList<>();
            try {
                Child good = Child.java(
                        List.of(),
                        options,
                        log,
                        "hostile-targets",
                        "--authority",
                        "" + authority,
                        "--good",
                        "" + servers);
                children.add(good);
                List<String> aims = aimsOf(good);
                // What hostile servers cost themselves is not the prober's: the good ones go first.
                Child hostile = Child.java(
                        List.of("nice", "-n", "19"),
                        options,
                        log,
                        "hostile-targets",
                        "--authority",
                        "" + authority,
                        "--hostile",
                        "" + servers);
                children.add(hostile);
                aims.addAll(aimsOf(hostile));
                Child engine = Child.java(
                        AgentJvm.pinnedTo(proberCpu),
                        AgentJvm.OPTIONS,
                        log,
                        "hostile-engine",
                        "--authority",
                        "" + authority);
                children.add(engine);
                for (String aim : aims) {
                    engine.tell(aim);
                }
                measure(engine);
            } finally {
                children.forEach(Child::close);
            }
        }
        return 0;
    }

    private void measure(Child engine) throws IOException {
        turn(engine, "all", warmUp);
        out.printf(
                "%n%-6s %-12s %10s %8s %14s %10s %10s%n",
                "round", "servers", "good runs", "failed", "hostile runs", "p50 ms", "p99 ms");
        List<Double> ratios = new ArrayList<>();
        long peak = 0;
        for (int round = 1; round <= rounds; round++) {
            // Each comes first as often as second.
            boolean aloneFirst = round % 2 == 1;
            Loop.Outcome first = shown(round, aloneFirst, turn(engine, aloneFirst ? Aim.GOOD : "all", seconds));
            Loop.Outcome second = shown(round, !aloneFirst, turn(engine, aloneFirst ? "all" : Aim.GOOD, seconds));
            double ratio = (double) second.p99Nanos() / first.p99Nanos();
            ratios.add(aloneFirst ? ratio : 1 / ratio);
            peak = second.heapPeakBytes();
        }
        ratios.sort(null);
        out.printf(
                Locale.ROOT,
                "RESULT hostile good_p99_ratio=%.2f heap_peak_mib=%.1f%n",
                ratios.get(ratios.size() / 2),
                peak / 1024.0 / 1024);
    }

    private Loop.Outcome turn(Child engine, String kind, int duration) throws IOException {
        engine.tell("loop " + kind + " " + duration + " " + period + " " + timeout);
        return Loop.Outcome.of(engine.nextLine());
    }

    private Loop.Outcome shown(int round, boolean alone, Loop.Outcome outcome) {
        out.printf(
                Locale.ROOT,
                "%-6d %-12s %10d %8d %14d %10.2f %10.2f%n",
                round,
                alone ? "good" : "and hostile",
                outcome.goodRuns(),
                outcome.failed(),
                outcome.hostileRuns(),
                outcome.p50Nanos() / 1e6,
                outcome.p99Nanos() / 1e6);
        return outcome;
    }

    /** What every run against it has to come to. */
    static String expected(Aim aim) {
        return aim.isGood() ? "OK" : Hostility.of(aim.name()).code().name();
    }

    static List<String> aimsOf(Child targets) throws IOException {
        List<String> aims = new ArrayList<>();
        for (String line = targets.nextLine(); !line.equals(TargetsCommand.READY); line = targets.nextLine()) {
            aims.add(line);
        }
        return aims;
    }
}
