package io.postwatch.simulation.store;

import io.postwatch.controller.assignment.AssignmentOrder;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.assignment.placement.Placement;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.simulation.store.Rows.AgentRow;
import io.postwatch.simulation.store.Rows.MonitorRow;
import io.postwatch.simulation.store.Rows.PlacementRow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Placement and plans on simulated rows, as the controller does it on SQL; who runs what is decided by its own rule. */
public final class Placer {

    public static final TenantId TENANT = new TenantId(new UUID(0, 1));

    private static final Bytes NO_KEY = Bytes.of(new byte[32]);

    private final SimulatedDatabase database;

    /** All that was ever read as what an agent is to run. */
    private final Set<Truth> truths = new HashSet<>();

    private record Truth(UUID agent, long revision, Bytes hash) {}

    public Placer(SimulatedDatabase database) {
        this.database = database;
    }

    /** Who has to be told after the commit. */
    public record Told(Set<AgentId> agents, Map<RunOrder, AgentId> runs) {}

    /** Whether what has this hash was ever what the agent was to run. */
    public boolean isTruth(UUID agent, long revision, byte[] hash) {
        return truths.contains(new Truth(agent, revision, Bytes.of(hash)));
    }

    /** After agents or monitors of a location changed. */
    public Told place(Rows rows, LocationId location, Instant now) {
        Map<RunOrder, AgentId> runs = new LinkedHashMap<>();
        Set<AgentId> touched = new LinkedHashSet<>();
        Map<Long, PlacementRow> left = new TreeMap<>();
        rows.placements.values().stream()
                .filter(row -> row.location().equals(location))
                .forEach(row -> left.put(row.series().value(), row));
        for (MonitorRow monitor : List.copyOf(rows.monitors.values())) {
            if (!monitor.paused() && monitor.locations().contains(location)) {
                place(rows, monitor, location, left, touched, runs, now);
            }
        }
        left.values().forEach(row -> {
            rows.placements.remove(row.series().value());
            touched.add(row.agent());
        });
        rows.series
                .keySet()
                .removeIf(site -> site.location().equals(location) && !rows.monitors.containsKey(site.monitor()));
        touched.forEach(agent -> rows.agents.computeIfPresent(agent, (id, row) -> raised(row)));
        return new Told(touched, runs);
    }

    private void place(
            Rows rows,
            MonitorRow monitor,
            LocationId location,
            Map<Long, PlacementRow> left,
            Set<AgentId> touched,
            Map<RunOrder, AgentId> runs,
            Instant now) {
        Optional<PlacementRow> before = left.values().stream()
                .filter(row -> row.monitor().equals(monitor.id()))
                .findFirst();
        Optional<PlacedAgent> chosen = Placement.choose(
                monitor.id(),
                monitor.settings(),
                AddressFamily.ANY,
                here(rows, location),
                before.map(PlacementRow::agent).orElse(null),
                now);
        if (chosen.isEmpty()) {
            return;
        }
        before.ifPresent(row -> left.remove(row.series().value()));
        AgentId agent = chosen.get().id();
        boolean changed = before.isEmpty() || before.get().revision() < monitor.revision();
        boolean moved = before.isPresent() && !before.get().agent().equals(agent);
        if (!changed && !moved) {
            return;
        }
        SeriesId series = rows.series.computeIfAbsent(
                new Rows.Site(monitor.id(), location), site -> new SeriesId(database.nextSeries()));
        if (moved) {
            touched.add(before.get().agent());
        }
        touched.add(agent);
        rows.placements.put(
                series.value(), new PlacementRow(series, monitor.id(), location, agent, monitor.revision()));
        if (changed) {
            runs.put(new RunOrder(series, monitor.revision(), now.truncatedTo(ChronoUnit.MILLIS)), agent);
        }
    }

    private static Collection<PlacedAgent> here(Rows rows, LocationId location) {
        return rows.agents.values().stream()
                .filter(agent -> agent.location().equals(location))
                .map(agent -> new PlacedAgent(
                        TENANT,
                        agent.id(),
                        location,
                        agent.session() != null,
                        false,
                        1,
                        NO_KEY,
                        Set.of(MonitorType.values()),
                        Set.<AuthMechanism>of(),
                        Set.of(),
                        true,
                        true,
                        null,
                        // No hold-down: it is to move as often as it can.
                        List.of()))
                .toList();
    }

    public DesiredState wanted(Rows rows, AgentId agent) {
        AgentRow row = rows.agents.get(agent);
        return state(row == null ? 0 : row.wantedRevision(), placed(rows, agent));
    }

    /** What must be told to an agent that was told this. */
    public PlanChange change(Rows rows, AgentId agent, DesiredState told, boolean whole) {
        DesiredState placed = wanted(rows, agent);
        DesiredState.Change change = placed.since(whole ? DesiredState.NOTHING : told);
        SortedMap<Long, Long> after = new TreeMap<>();
        placed(rows, agent).forEach(row -> after.put(row.series().value(), row.revision()));
        List<AssignmentOrder> assigned = new ArrayList<>();
        List<SeriesId> withdrawn = new ArrayList<>(change.withdrawn());
        for (SeriesId series : change.assigned()) {
            PlacementRow row = rows.placements.get(series.value());
            MonitorRow monitor = row == null ? null : rows.monitors.get(row.monitor());
            if (monitor == null || monitor.paused()) {
                after.remove(series.value());
                if (told.covers(series, 0)) {
                    withdrawn.add(series);
                }
                continue;
            }
            assigned.add(new AssignmentOrder(
                    series,
                    monitor.revision(),
                    monitor.id(),
                    0,
                    anchor(monitor),
                    monitor.settings(),
                    AddressFamily.ANY,
                    null));
            after.put(series.value(), monitor.revision());
        }
        DesiredState state = DesiredState.of(placed.revision(), after);
        truths.add(new Truth(agent.value(), state.revision(), Bytes.of(state.hash())));
        return new PlanChange(state, assigned, withdrawn);
    }

    private static List<PlacementRow> placed(Rows rows, AgentId agent) {
        return rows.placements.values().stream()
                .filter(row -> row.agent().equals(agent))
                .toList();
    }

    private static DesiredState state(long revision, List<PlacementRow> placed) {
        SortedMap<Long, Long> revisions = new TreeMap<>();
        placed.forEach(row -> revisions.put(row.series().value(), row.revision()));
        return DesiredState.of(revision, revisions);
    }

    private static Duration anchor(MonitorRow monitor) {
        return Duration.ofMillis(Math.floorMod(
                monitor.id().value().getMostSignificantBits(),
                monitor.settings().period().toMillis()));
    }

    private static AgentRow raised(AgentRow row) {
        return new AgentRow(
                row.id(),
                row.location(),
                row.session(),
                row.epoch(),
                row.controller(),
                row.lastSeen(),
                row.wantedRevision() + 1,
                row.appliedRevision());
    }

    public static AgentRow seen(AgentRow row, Instant now) {
        return new AgentRow(
                row.id(),
                row.location(),
                row.session(),
                row.epoch(),
                row.controller(),
                now.isAfter(row.lastSeen()) ? now : row.lastSeen(),
                row.wantedRevision(),
                row.appliedRevision());
    }

    public static AgentRow applied(AgentRow row, long revision) {
        return new AgentRow(
                row.id(),
                row.location(),
                row.session(),
                row.epoch(),
                row.controller(),
                row.lastSeen(),
                row.wantedRevision(),
                revision);
    }

    public static AgentRow withoutSession(AgentRow row) {
        return new AgentRow(
                row.id(),
                row.location(),
                null,
                row.epoch(),
                null,
                row.lastSeen(),
                row.wantedRevision(),
                row.appliedRevision());
    }
}
