package io.postwatch.bench.agent;

import io.postwatch.bench.platform.ControllerApi;
import io.postwatch.bench.platform.ControllerProcess;
import io.postwatch.bench.process.AgentJvm;
import io.postwatch.bench.process.Child;
import io.postwatch.bench.process.Patience;
import io.postwatch.bench.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench/run agent}: starts an agent again and again, gives it work, and looks at it. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = {
            "A real agent in front of a real controller, against the test server: from the start of its process to its"
                    + " first result, enrolled or not; resident memory with 1,000 monitors; how late runs begin at 200"
                    + " a second.",
            "Prints a table and a line RESULT."
        })
public final class AgentCommand implements Callable<Integer> {

    private static final Duration FIRST_WITHIN = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final PrintWriter out;

    @Option(names = "--home", required = true, hidden = true, description = "The source tree.")
    private Path home = Path.of("");

    @Option(names = "--monitors", description = "Monitors while memory is measured (${DEFAULT-VALUE}).")
    private int monitors = 1_000;

    @Option(names = "--runs", description = "Runs per second while lag is measured (${DEFAULT-VALUE}).")
    private int runsPerSecond = 200;

    @Option(names = "--starts", description = "Starts of each kind (${DEFAULT-VALUE}).")
    private int starts = 5;

    @Option(names = "--seconds", description = "How long memory and lag are each measured (${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--warm-up", description = "Seconds before each of these (${DEFAULT-VALUE}).")
    private int warmUp = 60;

    @Option(
            names = "--jvm-option",
            description = "An option for the agent's JVM; with any, none of the usual ones. @state@: its state folder.")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--prober-cpu",
            hidden = true,
            description = "The CPU for the agent; this process and the servers have been given others.")
    private @Nullable Integer proberCpu;

    public AgentCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = TemporaryFolder.create();
                ControllerProcess controller =
                        ControllerProcess.start(ControllerProcess.builtIn(home), folder.path(), List.of("-Xmx512m"));
                Child targets = targets(folder.path())) {
            List<Integer> ports = Stream.of(targets.nextLine().split(" ", -1))
                    .map(Integer::valueOf)
                    .toList();
            measure(controller.api(), "localhost:" + controller.agentPort(), new Checks(ports), folder.path());
        }
        return 0;
    }

    private static Child targets(Path folder) throws IOException {
        return Child.java(
                List.of(),
                List.of("-XX:+UseSerialGC", "-Xmx512m"),
                folder.resolve("targets.log"),
                "agent-targets",
                "--ca",
                authorities(folder).toString());
    }

    private static Path authorities(Path folder) {
        return folder.resolve("ca.pem");
    }

    private void measure(ControllerApi api, String controller, Checks checks, Path folder) throws IOException {
        String location = api.makeLocation("Worked at");
        String fresh = api.makeLocation("Enrolled at");
        for (int i = 0; i < monitors; i++) {
            api.makeMonitor(checks.monitor(i, List.of(location, fresh)));
        }
        List<Double> enrolled = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            String token = api.makeToken(fresh, 1);
            AgentProcess.Installation agent = install(folder.resolve("fresh-" + i), controller, folder);
            try (AgentProcess process = agent.start(token)) {
                enrolled.add(firstResult(process, agent.spool()));
            }
        }
        show("start → enrolled → first result", enrolled, "ms");

        AgentProcess.Installation agent = install(folder.resolve("agent"), controller, folder);
        try (AgentProcess process = agent.start(api.makeToken(location, 1))) {
            firstResult(process, agent.spool());
            Patience.pause(Duration.ofSeconds(warmUp));
        }
        List<Double> restarted = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            try (AgentProcess process = agent.start("")) {
                restarted.add(firstResult(process, agent.spool()));
            }
        }
        show("start → first result", restarted, "ms");
        work(api, checks, location, agent, median(restarted));
    }

    /** One life: memory with the monitors there are, then lag with as many as it takes. */
    private void work(
            ControllerApi api, Checks checks, String location, AgentProcess.Installation agent, double firstMillis)
            throws IOException {
        try (AgentProcess process = agent.start("")) {
            Patience.pause(Duration.ofSeconds(warmUp + seconds));
            double resident = process.residentBytes() / 1024.0 / 1024;
            row("resident with " + monitors + " monitors", resident, "MiB");
            row("threads", (double) process.threads(), "");
            for (int i = monitors; i < Checks.forRunsPerSecond(runsPerSecond); i++) {
                api.makeMonitor(checks.monitor(i, List.of(location)));
            }
            Patience.pause(Duration.ofSeconds(warmUp));
            long before = agent.spool().last();
            long start = System.nanoTime();
            Patience.pause(Duration.ofSeconds(seconds));
            List<SpoolReader.Run> runs = agent.spool().after(before);
            double[] lags = runs.stream()
                    .filter(run -> !run.triggered())
                    .mapToDouble(run -> run.lagNanos() / 1e6)
                    .sorted()
                    .toArray();
            row("runs a second", 1e9 * runs.size() / (System.nanoTime() - start), "");
            row("of them OK", 100.0 * runs.stream().filter(SpoolReader.Run::ok).count() / runs.size(), "%");
            row("lag, p50", lags[lags.length / 2], "ms");
            double p99 = lags[(int) Math.ceil(lags.length * 0.99) - 1];
            row("lag, p99", p99, "ms");
            row("lag, longest", lags[lags.length - 1], "ms");
            row("resident then", process.residentBytes() / 1024.0 / 1024, "MiB");
            row("heap alive then", process.liveHeapBytes() / 1024.0 / 1024, "MiB");
            out.printf(
                    Locale.ROOT,
                    "RESULT agent first_result_ms=%.0f rss_mib=%.1f lag_p99_ms=%.1f%n",
                    firstMillis,
                    resident,
                    p99);
        }
    }

    private AgentProcess.Installation install(Path place, String controller, Path folder) throws IOException {
        return AgentProcess.Installation.make(
                home,
                place,
                controller,
                authorities(folder),
                AgentJvm.pinnedTo(proberCpu),
                jvmOptions.isEmpty()
                        ? List.of("@" + home.resolve("agent/target/postwatch-agent.options"))
                        : jvmOptions);
    }

    /** Milliseconds from the start of the process until a result is on its disk. */
    private static double firstResult(AgentProcess process, SpoolReader spool) throws IOException {
        long before = spool.last();
        long end = process.startedNanos() + FIRST_WITHIN.toNanos();
        while (spool.last() <= before) {
            if (!process.isRunning() || System.nanoTime() - end > 0) {
                throw new IOException("the agent has no result: see its log");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return (System.nanoTime() - process.startedNanos()) / 1e6;
    }

    private void show(String what, List<Double> values, String unit) {
        row(what + ", median of " + values.size(), median(values), unit);
        row(
                what + ", longest",
                values.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                unit);
    }

    private void row(String what, double value, String unit) {
        out.printf(Locale.ROOT, "%-44s %12.1f %s%n", what, value, unit);
        out.flush();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
