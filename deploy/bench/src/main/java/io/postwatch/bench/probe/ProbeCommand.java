package io.postwatch.bench.probe;

import io.postwatch.bench.process.AgentJvm;
import io.postwatch.bench.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench/run probe}: starts servers and probers, has them work in turn, and reports. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Probes per second and CPU time per probe of the agent's engine beside blackbox_exporter and the monitoring"
                    + " plugins, against the test server and against Dovecot and Postfix.",
            "Prints a table and, for each case, a line RESULT with the figures against the test server."
        })
public final class ProbeCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(names = "--home", required = true, hidden = true, description = "The source tree.")
    private Path home = Path.of("");

    @Option(names = "--programs", hidden = true, description = "Where the other probers were unpacked.")
    private @Nullable Path programs;

    @Option(names = "--rounds", description = "Rounds, in each of which every prober has its turn (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(names = "--runs", description = "Runs of a turn against the test server (${DEFAULT-VALUE}).")
    private int runs = 1000;

    @Option(names = "--warm-up", description = "Turns of that size before anything is measured (${DEFAULT-VALUE}).")
    private int warmUp = 20;

    @Option(names = "--concurrency", description = "Probes at once, for every prober (${DEFAULT-VALUE}).")
    private int concurrency = 8;

    @Option(names = "--servers", split = ",", description = "stub, real, or both (${DEFAULT-VALUE}).")
    private List<String> servers = List.of("stub", "real");

    @Option(names = "--cases", split = ",", description = "smtp-plain, smtp-starttls, imaps-login (all).")
    private List<String> cases = Stream.of(Case.values()).map(Case::label).toList();

    @Option(names = "--jdk-tls", description = "Also measure the agent's engine with the JDK's TLS.")
    private boolean jdkTls;

    @Option(
            names = "--before",
            description = "Also measure the engine of another build: a copy of its folder deploy/bench/target.")
    private @Nullable Path before;

    @Option(names = "--jvm-option", description = "A further option for the JVM of the agent's engine.")
    private List<String> jvmOptions = List.of();

    @Option(
            names = "--prober-cpu",
            hidden = true,
            description = "The CPU for probers; this process and the servers have been given others.")
    private @Nullable Integer proberCpu;

    public ProbeCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            compare(folder.path());
        }
        return 0;
    }

    private void compare(Path folder) throws IOException {
        List<Servers> probed = new ArrayList<>();
        List<Contender> contenders = new ArrayList<>();
        try {
            for (String name : servers) {
                probed.add(name.equals("stub") ? Servers.Stub.start(folder) : RealServers.start(home, folder));
            }
            startAll(contenders, authoritiesOf(probed, folder), folder);
            Report report = new Report();
            for (String label : cases) {
                measure(Case.of(label), probed, contenders, report);
            }
            report.print(out);
        } finally {
            contenders.forEach(Contender::close);
            probed.forEach(Servers::close);
        }
    }

    /** Every prober has its turn at every server, and that again in each round. */
    private void measure(Case what, List<Servers> probed, List<Contender> contenders, Report report)
            throws IOException {
        Servers fastest = probed.getFirst();
        for (Contender contender : contenders) {
            // Only a JVM gets faster by it.
            int turns = contender instanceof Postwatch ? warmUp : Math.min(1, warmUp);
            for (int i = 0; i < turns; i++) {
                contender.probe(what, fastest.endpoint(what), turn(contender, fastest), concurrency);
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (Servers server : probed) {
                for (Contender contender : contenders) {
                    double before = server.cpuMillis().orElse(Double.NaN);
                    Contender.Outcome outcome =
                            contender.probe(what, server.endpoint(what), turn(contender, server), concurrency);
                    double spent = server.cpuMillis().orElse(Double.NaN) - before;
                    report.add(what, server.name(), contender.name(), outcome, spent);
                }
            }
        }
    }

    private static Path authoritiesOf(List<Servers> probed, Path folder) throws IOException {
        StringBuilder pem = new StringBuilder();
        for (Servers server : probed) {
            pem.append(Files.readString(server.authority()));
        }
        return Files.writeString(folder.resolve("ca.pem"), pem);
    }

    /** Where each probe takes its time, for a process of its own or a real server's, fewer say as much. */
    private int turn(Contender contender, Servers server) {
        int size = server instanceof RealServers ? runs / 4 : runs;
        return Math.max(1, contender instanceof MonitoringPlugins ? size / 10 : size);
    }

    private void startAll(List<Contender> contenders, Path authorities, Path folder) throws IOException {
        List<String> prefix = AgentJvm.pinnedTo(proberCpu);
        List<String> options =
                Stream.concat(AgentJvm.OPTIONS.stream(), jvmOptions.stream()).toList();
        Path log = folder.resolve("engine.log");
        String build = System.getProperty("java.class.path");
        contenders.add(Postwatch.start("postwatch", prefix, options, build, authorities, log));
        if (before != null) {
            String other = before.resolve("classes") + ":" + before.resolve("lib") + "/*";
            contenders.add(Postwatch.start("before", prefix, options, other, authorities, log));
        }
        if (jdkTls) {
            contenders.add(Postwatch.start("postwatch", prefix, options, build, authorities, log, "--jdk-tls"));
        }
        if (programs != null) {
            contenders.add(Blackbox.start(
                    prefix, programs.resolve("usr/bin/prometheus-blackbox-exporter"), authorities, folder));
            contenders.add(new MonitoringPlugins(
                    prefix, programs.resolve("usr/lib/nagios/plugins"), folder.resolve("plugins.log")));
        }
    }
}
