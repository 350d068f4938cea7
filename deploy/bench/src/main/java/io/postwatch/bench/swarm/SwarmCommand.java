package io.postwatch.bench.swarm;

import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.bench.platform.ControllerApi;
import io.postwatch.bench.platform.ControllerProcess;
import io.postwatch.bench.process.Patience;
import io.postwatch.bench.process.ProcessMemory;
import io.postwatch.bench.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench/run swarm}: starts a controller, enrols agents, connects them, changes monitors, kills it. */
@Command(
        name = "swarm",
        mixinStandardHelpOptions = true,
        description = {
            "Simulated agents in this process against one real controller with its embedded database: heap and resident"
                    + " memory of the controller per agent, how soon all are back after it was killed, how soon a changed"
                    + " monitor is applied.",
            "Prints a table and a line RESULT."
        })
public final class SwarmCommand implements Callable<Integer> {

    /** Besides the connections of agents: files, the database, the console. */
    private static final int OTHER_FILES = 500;

    private static final int ENROLMENTS_AT_ONCE = 8;
    private static final Duration CONNECTED_WITHIN = Duration.ofMinutes(10);
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Duration APPLIED_WITHIN = Duration.ofSeconds(30);
    /** From the documentation's addresses (RFC 5737): nothing is ever connected to. */
    private static final String TARGET = "192.0.2.25";

    private static final int SHOWN_CLASSES = 40;

    private final PrintWriter out;

    @Option(names = "--home", required = true, hidden = true, description = "The source tree.")
    private Path home = Path.of("");

    @Option(names = "--agents", description = "Agents (${DEFAULT-VALUE}).")
    private int agents = 10_000;

    @Option(names = "--pool", description = "Agents of one location (${DEFAULT-VALUE}).")
    private int pool = 10;

    @Option(names = "--monitors", description = "Monitors of one location (${DEFAULT-VALUE}).")
    private int monitorsPerLocation = 1;

    @Option(names = "--changes", description = "Monitors changed one after the other (${DEFAULT-VALUE}).")
    private int changes = 300;

    @Option(names = "--within", description = "Seconds in which the agents first connect (${DEFAULT-VALUE}).")
    private int withinSeconds = 30;

    @Option(names = "--heap", description = "The controller's heap (${DEFAULT-VALUE}).")
    private String heap = "512m";

    @Option(names = "--before", description = "Measure the controller of another build: its jar.")
    private @Nullable Path before;

    @Option(names = "--jvm-option", description = "A further option for the controller's JVM.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--histogram", description = "Also print what is on the controller's heap, by class.")
    private boolean histogram;

    @Option(names = "--keep-log", description = "Where to copy the controller's log.")
    private @Nullable Path keptLog;

    private record Monitor(String id, String name, String location) {}

    public SwarmCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        long files = ProcessMemory.openFilesLimit();
        if (files < agents + OTHER_FILES) {
            throw new IOException(agents + " agents need " + (agents + OTHER_FILES)
                    + " open files in each of two processes, and a process may have " + files
                    + " here: raise it with ulimit -n, or take fewer agents (--agents).");
        }
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
        options.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        options.addAll(jvmOptions);
        try (TemporaryFolder folder = TemporaryFolder.create();
                ControllerProcess controller = ControllerProcess.start(jar(), folder.path(), options);
                SharedLines lines = new SharedLines(controller.agentPort())) {
            try {
                measure(controller, lines);
            } finally {
                if (keptLog != null) {
                    Files.copy(controller.log(), keptLog, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return 0;
    }

    private Path jar() {
        return before == null ? ControllerProcess.builtIn(home) : before;
    }

    private void measure(ControllerProcess controller, SharedLines lines) throws Exception {
        ControllerApi api = controller.api();
        List<Monitor> monitors = new ArrayList<>();
        Swarm swarm = new Swarm();
        Random random = new Random(agents);
        List<SimulatedAgent> members = new ArrayList<>();
        List<AgentIdentity> identities = enrolAll(api, lines, monitors);
        for (AgentIdentity identity : identities) {
            members.add(new SimulatedAgent(members.size(), identity, lines, swarm, random));
        }
        Memory before = Memory.of(controller);
        show("enrolled, not connected", before);

        long start = System.nanoTime();
        members.forEach(
                member -> member.connectAfter(Duration.ofNanos(Math.round(random.nextDouble() * withinSeconds * 1e9))));
        awaitAll(swarm, "all agents are connected");
        row("all connected after", seconds(System.nanoTime() - start), "s, begun over " + withinSeconds + " s");
        Patience.pause(SETTLED);
        Memory connected = Memory.of(controller);
        show("connected", connected);
        if (histogram) {
            controller.histogram().stream().limit(SHOWN_CLASSES).forEach(out::println);
        }

        double[] appliedMillis = changeAll(api, swarm, monitors);
        row("change → applied, p50", quantile(appliedMillis, 0.5), "ms");
        row("change → applied, p99", quantile(appliedMillis, 0.99), "ms");
        row("change → applied, longest", appliedMillis[appliedMillis.length - 1], "ms");

        double back = restart(controller, swarm);
        Patience.pause(SETTLED);
        Memory again = Memory.of(controller);
        show("connected again", again);
        count("heartbeats", swarm.heartbeats());
        count("changes that did not fit", swarm.outOfStep());
        members.forEach(SimulatedAgent::stop);
        out.printf(
                Locale.ROOT,
                "RESULT swarm agents=%d heap_kib_per_agent=%.1f rss_kib_per_agent=%.1f all_back_s=%.1f"
                        + " change_to_applied_p99_ms=%.0f%n",
                agents,
                (connected.heapBytes() - before.heapBytes()) / 1024.0 / agents,
                (connected.residentBytes() - before.residentBytes()) / 1024.0 / agents,
                back,
                quantile(appliedMillis, 0.99));
    }

    /** Every location with its token and monitors, and the agents enrolled with the token. */
    private List<AgentIdentity> enrolAll(ControllerApi api, SharedLines lines, List<Monitor> monitors)
            throws IOException, InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<EnrolmentToken> tokens = new ArrayList<>();
        for (int i = 0; i < Math.ceilDiv(agents, pool); i++) {
            String location = api.makeLocation("Location " + i);
            tokens.add(EnrolmentToken.parse(api.makeToken(location, pool)));
            for (int j = 0; j < monitorsPerLocation; j++) {
                String name = "Monitor " + i + "-" + j;
                String id = api.makeMonitor(fields(name, location, 300)).id();
                monitors.add(new Monitor(id, name, location));
            }
        }
        row("locations, tokens and monitors made in", seconds(System.nanoTime() - start), "s");
        start = System.nanoTime();
        List<AgentIdentity> identities = new ArrayList<>();
        try (SwarmEnrolment enrolment = SwarmEnrolment.open(lines, tokens.getFirst());
                ExecutorService threads = Executors.newFixedThreadPool(ENROLMENTS_AT_ONCE)) {
            List<Future<AgentIdentity>> enrolling = new ArrayList<>();
            for (int i = 0; i < agents; i++) {
                int number = i;
                enrolling.add(threads.submit(() -> enrolment.enrol(tokens.get(number / pool), "agent-" + number)));
            }
            for (Future<AgentIdentity> agent : enrolling) {
                identities.add(agent.get());
            }
        }
        row("agents enrolled in", seconds(System.nanoTime() - start), "s");
        return identities;
    }

    /** How long it took from asking for each change to the agent's report, in milliseconds, ascending. */
    private double[] changeAll(ControllerApi api, Swarm swarm, List<Monitor> monitors) throws IOException {
        double[] millis = new double[changes];
        for (int i = 0; i < changes; i++) {
            Monitor monitor = monitors.get((int) ((long) i * monitors.size() / changes % monitors.size()));
            long asked = System.nanoTime();
            ControllerApi.Saved saved =
                    api.changeMonitor(monitor.id(), fields(monitor.name(), monitor.location(), 301 + i));
            UUID id = UUID.fromString(monitor.id());
            Patience.await(
                    "a changed monitor is applied",
                    APPLIED_WITHIN,
                    () -> swarm.told(id).revision() >= saved.revision());
            millis[i] = (swarm.told(id).nanos() - asked) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    private static Map<String, ?> fields(String name, String location, int periodSeconds) {
        return Map.of(
                "name",
                name,
                "type",
                "smtp",
                "security",
                "none",
                "host",
                TARGET,
                "periodSeconds",
                periodSeconds,
                "locations",
                Map.of("locationIds", List.of(location)));
    }

    /** Seconds from the new start of a controller that was killed until all agents have a session. */
    private double restart(ControllerProcess controller, Swarm swarm) throws IOException {
        long welcomedBefore = swarm.welcomed();
        long failedBefore = swarm.failed();
        controller.kill();
        Patience.await("all agents have noticed", CONNECTED_WITHIN, () -> swarm.standing() == 0);
        long start = System.nanoTime();
        controller.start();
        row("controller ready after", seconds(System.nanoTime() - start), "s");
        double cpuBefore = controller.cpuMillis();
        awaitAll(swarm, "all agents are back");
        row("CPU time of the controller per agent", (controller.cpuMillis() - cpuBefore) / agents, "ms");
        double back = seconds(System.nanoTime() - start);
        row("all back after", back, "s");
        count("sessions that began for it", swarm.welcomed() - welcomedBefore);
        count("attempts that failed before", swarm.failed() - failedBefore);
        for (Map.Entry<String, Integer> reason : swarm.reasons().entrySet()) {
            out.printf("    %6d × %s%n", reason.getValue(), reason.getKey());
        }
        return back;
    }

    private void awaitAll(Swarm swarm, String what) throws IOException {
        Patience.await(what, CONNECTED_WITHIN, () -> swarm.standing() >= agents);
    }

    /** What a controller takes, after a collection. */
    private record Memory(long heapBytes, long residentBytes, int threads) {

        static Memory of(ControllerProcess controller) throws IOException {
            return new Memory(controller.liveHeapBytes(), controller.residentBytes(), controller.threads());
        }
    }

    private void show(String when, Memory memory) {
        row(when + ": heap alive", memory.heapBytes() / 1024.0 / 1024, "MiB");
        row(when + ": resident", memory.residentBytes() / 1024.0 / 1024, "MiB");
        count(when + ": threads", memory.threads());
    }

    private void row(String what, double value, String unit) {
        out.printf(Locale.ROOT, "%-44s %12.1f %s%n", what, value, unit);
        out.flush();
    }

    private void count(String what, long value) {
        out.printf("%-44s %10d%n", what, value);
        out.flush();
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(Math.ceil(sorted.length * share)) - 1)];
    }
}
