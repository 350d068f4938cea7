package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** check_smtp and check_imap: one process for each probe, all counted, with what it takes to start them. */
final class MonitoringPlugins implements Contender {

    /** What the shell's {@code times} says: its own times, then its children's. */
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");

    private final List<String> prefix;
    private final Path folder;
    private final Path log;

    MonitoringPlugins(List<String> prefix, Path folder, Path log) {
        this.prefix = prefix;
        this.folder = folder;
        this.log = log;
    }

    @Override
    public String name() {
        return "monitoring-plugins";
    }

    @Override
    public Outcome probe(Case what, Endpoint where, int runs, int concurrency) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                "bash",
                "-c",
                "number=$1 parallel=$2; shift 2; seq $number | xargs -P $parallel -I{} \"$@\" >&2; echo $?; times",
                "plugins",
                Integer.toString(runs),
                Integer.toString(concurrency)));
        command.addAll(plugin(what, where));
        long start = System.nanoTime();
        try (Child shell = Child.start(command, log)) {
            boolean good = shell.nextLine().equals("0");
            long nanos = System.nanoTime() - start;
            double cpuMillis = millis(shell.nextLine()) + millis(shell.nextLine());
            if (!good) {
                throw new IOException("a probe of the monitoring plugins failed: see " + log);
            }
            return new Outcome(runs, nanos, cpuMillis, -1);
        }
    }

    @Override
    public void close() {
        // Nothing outlives a probe.
    }

    private List<String> plugin(Case what, Endpoint where) {
        String port = Integer.toString(where.port());
        return switch (what) {
            case SMTP_PLAIN ->
                List.of(folder.resolve("check_smtp").toString(), "-H", where.host(), "-p", port, "-e", "220");
            case SMTP_STARTTLS ->
                List.of(folder.resolve("check_smtp").toString(), "-H", where.host(), "-p", port, "-S");
            case IMAPS_LOGIN ->
                List.of(
                        folder.resolve("check_imap").toString(),
                        "-H",
                        where.host(),
                        "-p",
                        port,
                        "-S",
                        "-E",
                        "-s",
                        "a1 LOGIN " + Account.USERNAME + " " + Account.PASSWORD + "\\r\\n",
                        "-e",
                        "a1 OK",
                        "-q",
                        "a2 LOGOUT\\r\\n");
        };
    }

    private static double millis(String times) throws IOException {
        Matcher both = TIMES.matcher(times);
        if (!both.find()) {
            throw new IOException("the shell says " + times + " where its times should be");
        }
        return 1000
                * (60 * (Double.parseDouble(both.group(1)) + Double.parseDouble(both.group(3)))
                        + Double.parseDouble(both.group(2))
                        + Double.parseDouble(both.group(4)));
    }
}
