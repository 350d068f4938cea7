package io.postwatch.bench.probe;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Collects the turns of all probers and prints the medians. */
final class Report {

    private static final String REFERENCE = "blackbox_exporter";

    private final Map<Row, Map<String, List<Turn>>> turns = new LinkedHashMap<>();

    private record Row(Case what, String servers) {}

    /** One prober's turn, per run. */
    private record Turn(double cpuMillis, double perSecond, double kibibytes, double busy, double serverBusy) {}

    private record Figures(double cpuMillis, double perSecond, double kibibytes, double busy, double serverBusy) {

        static Figures of(List<Turn> turns) {
            return new Figures(
                    median(turns, Turn::cpuMillis),
                    median(turns, Turn::perSecond),
                    median(turns, Turn::kibibytes),
                    median(turns, Turn::busy),
                    median(turns, Turn::serverBusy));
        }
    }

    void add(Case what, String servers, String prober, Contender.Outcome outcome, double serverMillis) {
        double millis = outcome.nanos() / 1e6;
        turns.computeIfAbsent(new Row(what, servers), first -> new LinkedHashMap<>())
                .computeIfAbsent(prober, first -> new ArrayList<>())
                .add(new Turn(
                        outcome.cpuMillis() / outcome.runs(),
                        1000 * outcome.runs() / millis,
                        outcome.allocatedBytes() < 0 ? Double.NaN : outcome.allocatedBytes() / 1024.0 / outcome.runs(),
                        outcome.cpuMillis() / millis,
                        serverMillis / millis));
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%n%-14s %-6s %-28s %10s %10s %10s %8s %8s%n",
                "case",
                "server",
                "prober",
                "CPU ms/run",
                "runs/s",
                "KiB/run",
                "busy",
                "server");
        turns.forEach((row, probers) -> probers.forEach((prober, measured) -> {
            Figures figures = Figures.of(measured);
            out.printf(
                    Locale.ROOT,
                    "%-14s %-6s %-28s %10.3f %10.0f %10s %8s %8s%n",
                    row.what().label(),
                    row.servers(),
                    prober,
                    figures.cpuMillis(),
                    figures.perSecond(),
                    shown("%.1f", figures.kibibytes()),
                    shown("%.0f %%", 100 * figures.busy()),
                    shown("%.0f %%", 100 * figures.serverBusy()));
        }));
        turns.forEach((row, probers) -> printResult(out, row, probers));
    }

    /** Only the figures against the stub are results: real servers take longer than any prober. */
    private static void printResult(PrintWriter out, Row row, Map<String, List<Turn>> probers) {
        List<Turn> reference = probers.get(REFERENCE);
        if (reference == null) {
            return;
        }
        Figures other = Figures.of(reference);
        Figures own = Figures.of(probers.values().iterator().next());
        out.printf(
                Locale.ROOT,
                "%s probe case=%s%s cpu_ms=%.3f cpu_ratio_vs_blackbox=%.2f throughput_ratio_vs_blackbox=%.2f"
                        + " allocated_kib=%.1f%n",
                row.servers().equals("stub") ? "RESULT" : "ALSO",
                row.what().label(),
                row.servers().equals("stub") ? "" : " servers=" + row.servers(),
                own.cpuMillis(),
                own.cpuMillis() / other.cpuMillis(),
                own.perSecond() / other.perSecond(),
                own.kibibytes());
    }

    private static String shown(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> of) {
        double[] sorted = turns.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
