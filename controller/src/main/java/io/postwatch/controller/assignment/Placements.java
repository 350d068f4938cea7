package io.postwatch.controller.assignment;

import io.postwatch.controller.assignment.PlacementQueue.Work;
import io.postwatch.controller.assignment.placement.Placement;
import io.postwatch.controller.fleet.Agents;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.monitor.PublicChecks;
import io.postwatch.controller.monitor.PublicChecks.Proven;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.events.EventHub;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes down which agent runs which series, and tells the agents. Each call looks at what is wanted now and changes
 * what differs, so calls may be repeated, lost and overlap: two at one location wait for each other at its row. A monitor
 * that is new or changed at a location runs there once at once. Safe for all threads.
 */
@Component
class Placements {
    /** Of so many monitors, times a thousand agents, it takes a small part of what the database waits for a word. */
    private static final int SAYS_AFTER = 200;

    private final SystemTransactions transactions;
    private final Monitors monitors;
    private final Locations locations;
    private final PublicChecks publicChecks;
    private final Agents agents;
    private final PlacementRows rows;
    private final SeriesDirectory directory;
    private final AgentLink link;
    private final EventHub hub;
    private final InstantSource clock;

    Placements(
            SystemTransactions transactions,
            Monitors monitors,
            Locations locations,
            PublicChecks publicChecks,
            Agents agents,
            PlacementRows rows,
            SeriesDirectory directory,
            AgentLink link,
            EventHub hub,
            InstantSource clock) {
        this.transactions = transactions;
        this.monitors = monitors;
        this.locations = locations;
        this.publicChecks = publicChecks;
        this.agents = agents;
        this.rows = rows;
        this.directory = directory;
        this.link = link;
        this.hub = hub;
        this.clock = clock;
    }

    void place(Work work) {
        switch (work) {
            case Work.AtLocation(var owner, var location) -> placeLocation(owner, location);
            case Work.OfMonitor(var tenant, var monitor) -> placeMonitor(tenant, monitor);
        }
    }

    /** After a monitor was made, changed, paused or resumed. */
    private void placeMonitor(TenantId tenant, MonitorId monitor) {
        tell(transactions.call(() -> {
            Changes changes = new Changes();
            lockFor(tenant, monitors.find(tenant, monitor), rows.ofMonitor(tenant, monitor));
            // Read again: this is what holds while the locations are locked.
            Optional<MonitorDefinition> definition = monitors.find(tenant, monitor);
            List<PlacementRow> current = rows.ofMonitor(tenant, monitor);
            place(changes, tenant, definition, current);
            if (definition.isEmpty()) {
                directory.delete(tenant, monitor);
            }
            return raise(changes);
        }));
    }

    /** After agents of a location came, went or changed. */
    private void placeLocation(TenantId owner, LocationId location) {
        tell(transactions.call(() -> {
            Changes changes = new Changes();
            Optional<Location> place = locations.lock(owner, location);
            if (place.isEmpty()) {
                return changes;
            }
            Map<Slot, PlacementRow> current = bySlot(rows.ofLocation(location));
            List<PlacedAgent> here = agents.at(owner, location);
            List<MonitorDefinition> wanted = monitors.runningAt(place.get());
            Proven proven = place.get().isPublic() ? publicChecks.proven(wanted) : Proven.NOTHING;
            int looked = 0;
            for (MonitorDefinition monitor : wanted) {
                if (++looked % SAYS_AFTER == 0) {
                    rows.stillAtWork();
                }
                if (mayRunAt(place.get(), monitor, proven)) {
                    placeAt(changes, monitor, location, current, here);
                }
            }
            current.values().forEach(row -> withdraw(changes, row));
            raise(changes);
            Set<MonitorKey> gone =
                    current.keySet().stream().map(Slot::monitor).collect(Collectors.toCollection(HashSet::new));
            gone.removeAll(monitors.find(gone).keySet());
            gone.forEach(key -> directory.delete(key.tenant(), key.monitor()));
            return changes;
        }));
    }

    /** All locations, by their ids. */
    List<Work> everywhere() {
        return transactions.call(locations::all).stream()
                .<Work>map(location -> new Work.AtLocation(location.owner(), location.id()))
                .toList();
    }

    private void place(
            Changes changes, TenantId tenant, Optional<MonitorDefinition> definition, List<PlacementRow> current) {
        Map<Slot, PlacementRow> before = bySlot(current);
        if (definition.isPresent()) {
            MonitorDefinition monitor = definition.get();
            Proven proven = publicChecks.proven(tenant, monitor.settings());
            for (Location location : resolve(tenant, monitor)) {
                if (mayRunAt(location, monitor, proven)) {
                    placeAt(changes, monitor, location.id(), before, agents.at(tenant, location.id()));
                }
            }
        }
        before.values().forEach(row -> withdraw(changes, row));
    }

    private static boolean mayRunAt(Location location, MonitorDefinition monitor, Proven proven) {
        return !location.isPublic()
                || proven.refusal(monitor.tenant(), monitor.settings()).isEmpty();
    }

    /** What one row is for. */
    private record Slot(MonitorKey monitor, SeriesPlace place) {}

    private static Map<Slot, PlacementRow> bySlot(List<PlacementRow> rows) {
        Map<Slot, PlacementRow> bySlot = new HashMap<>();
        rows.forEach(row -> bySlot.put(new Slot(row.key(), row.place()), row));
        return bySlot;
    }

    /** Each target of the monitor by itself; takes their rows out of those that were there before. */
    private void placeAt(
            Changes changes,
            MonitorDefinition monitor,
            LocationId location,
            Map<Slot, PlacementRow> before,
            List<PlacedAgent> here) {
        for (AddressFamily target : monitor.settings().addressFamily().targets()) {
            SeriesPlace place = new SeriesPlace(location, target);
            PlacementRow row = before.remove(new Slot(new MonitorKey(monitor.tenant(), monitor.id()), place));
            placeAt(changes, monitor, place, row, here);
        }
    }

    private void placeAt(
            Changes changes,
            MonitorDefinition monitor,
            SeriesPlace place,
            @Nullable PlacementRow row,
            List<PlacedAgent> here) {
        Optional<PlacedAgent> chosen = Placement.choose(
                monitor.id(),
                monitor.settings(),
                place.target(),
                here,
                row == null ? null : row.agent(),
                clock.instant());
        if (chosen.isEmpty()) {
            if (row != null) {
                withdraw(changes, row);
            }
            return;
        }
        PlacedAgent agent = chosen.get();
        boolean changed = row == null || row.revision() < monitor.revision();
        boolean moved = row != null && !row.agent().equals(agent.id());
        if (!changed && !moved) {
            return;
        }
        SeriesId series = row == null ? directory.findOrMake(monitor.tenant(), monitor.id(), place) : row.series();
        if (moved && row != null) {
            changes.touch(row.owner(), row.agent());
        }
        changes.assign(new PlacementRow(
                monitor.tenant(),
                series,
                monitor.id(),
                place,
                agent.id(),
                agent.tenant(),
                monitor.revision(),
                Grid.anchor(monitor.id(), monitor.settings(), place.target())));
        if (changed) {
            changes.run(agent.id(), new RunOrder(series, monitor.revision(), now()));
        }
    }

    private void withdraw(Changes changes, PlacementRow row) {
        changes.touch(row.owner(), row.agent());
        changes.withdrawn.add(row);
    }

    /** Every agent that is touched gets one new revision, and the rows say which one brought them. */
    private Changes raise(Changes changes) {
        Map<AgentId, Long> revisions = new HashMap<>();
        // In one order everywhere, so that two placements never wait for each other's agents in a circle.
        changes.touched.entrySet().stream()
                .sorted(Comparator.comparing(touched -> touched.getKey().value()))
                .forEach(touched -> revisions.put(
                        touched.getKey(), agents.raiseWantedRevision(touched.getValue(), touched.getKey())));
        // Only now: who reports what an agent applied has the agent's row first, too.
        rows.delete(changes.withdrawn);
        rows.write(changes.assigned, revisions);
        // Of this transaction: the one whose commit has led here is over, and events put there would be lost.
        Set<MonitorKey> told = new HashSet<>();
        changes.assigned.forEach(row -> told.add(row.key()));
        changes.withdrawn.forEach(row -> told.add(row.key()));
        told.forEach(key -> hub.publish(key.tenant(), "monitor", key.monitor(), 0));
        return changes;
    }

    /** After the commit. Who gains a monitor hears of it before who loses it: run twice is stored once, not run is lost. */
    private void tell(Changes changes) {
        Set<AgentId> gaining =
                changes.assigned.stream().map(PlacementRow::agent).collect(Collectors.toSet());
        changes.touched.keySet().stream()
                .sorted(Comparator.comparing(agent -> !gaining.contains(agent)))
                .forEach(link::planChanged);
        changes.runs.forEach(run -> link.runOnce(run.agent(), run.order()));
    }

    private void lockFor(TenantId tenant, Optional<MonitorDefinition> definition, List<PlacementRow> current) {
        Set<LocationId> concerned = new TreeSet<>(Comparator.comparing(LocationId::value));
        definition.ifPresent(monitor -> resolve(tenant, monitor).forEach(location -> concerned.add(location.id())));
        current.forEach(row -> concerned.add(row.location()));
        concerned.forEach(location -> locations.lock(tenant, location));
    }

    private List<Location> resolve(TenantId tenant, MonitorDefinition monitor) {
        if (monitor.paused()) {
            return List.of();
        }
        List<Location> visible = locations.visibleTo(tenant);
        Set<LocationId> resolved = monitor.locations().resolve(visible);
        return visible.stream()
                .filter(location -> resolved.contains(location.id()))
                .toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What one placement comes to. */
    private static final class Changes {
        private final List<PlacementRow> assigned = new ArrayList<>();
        private final List<PlacementRow> withdrawn = new ArrayList<>();
        private final Map<AgentId, TenantId> touched = new HashMap<>();
        private final List<Run> runs = new ArrayList<>();

        private record Run(AgentId agent, RunOrder order) {}

        void touch(TenantId owner, AgentId agent) {
            touched.put(agent, owner);
        }

        void assign(PlacementRow row) {
            touch(row.owner(), row.agent());
            assigned.add(row);
        }

        void run(AgentId agent, RunOrder order) {
            runs.add(new Run(agent, order));
        }
    }
}
