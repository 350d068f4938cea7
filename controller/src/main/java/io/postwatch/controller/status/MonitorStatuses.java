package io.postwatch.controller.status;

import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.assignment.PlacementSync;
import io.postwatch.controller.assignment.RunGrid;
import io.postwatch.controller.assignment.login.LoginRecords;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.LocationPool;
import io.postwatch.controller.fleet.LocationPools;
import io.postwatch.controller.fleet.LocationState;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.PublicChecks;
import io.postwatch.controller.monitor.PublicChecks.Proven;
import io.postwatch.controller.result.Results;
import io.postwatch.controller.result.RunViews;
import io.postwatch.controller.result.StoredRun;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Brings together what the status of monitors is judged from: the same few queries for one monitor and for thousands. Part of the tenant's transaction. */
@Component
class MonitorStatuses {
    private final SeriesDirectory directory;
    private final PlacementSync sync;
    private final Locations locations;
    private final PublicChecks publicChecks;
    private final LocationPools pools;
    private final Results results;
    private final RunViews views;
    private final LoginRecords logins;
    private final InstantSource clock;

    MonitorStatuses(
            SeriesDirectory directory,
            PlacementSync sync,
            Locations locations,
            PublicChecks publicChecks,
            LocationPools pools,
            Results results,
            RunViews views,
            LoginRecords logins,
            InstantSource clock) {
        this.directory = directory;
        this.sync = sync;
        this.locations = locations;
        this.publicChecks = publicChecks;
        this.pools = pools;
        this.results = results;
        this.views = views;
        this.logins = logins;
        this.clock = clock;
    }

    /** Of many monitors, without last results. */
    Map<MonitorId, MonitorStatusView> outline(TenantId tenant, Collection<MonitorDefinition> monitors) {
        Gathered gathered = gather(tenant, monitors, false);
        Map<MonitorId, MonitorStatusView> statuses = new HashMap<>();
        for (MonitorDefinition monitor : monitors) {
            statuses.put(
                    monitor.id(),
                    gathered.marked(
                            monitor, MonitorStatusView.of(gathered.judge(monitor), gathered.sync(monitor), Map.of())));
        }
        return statuses;
    }

    /** Of one monitor, with the last result of each of its series. */
    MonitorStatusView full(TenantId tenant, MonitorDefinition monitor) {
        Gathered gathered = gather(tenant, List.of(monitor), true);
        MonitorVerdict verdict = gathered.judge(monitor);
        Map<SeriesId, SeriesInfo> series = new HashMap<>();
        gathered.seriesOf(monitor).forEach(info -> series.put(info.id(), info));
        Map<SeriesPlace, RunView> shown = new HashMap<>();
        views.show(tenant, series, gathered.lastOf(monitor).values()).forEach(view -> shown.put(place(view), view));
        return gathered.marked(monitor, MonitorStatusView.of(verdict, gathered.sync(monitor), shown));
    }

    private static SeriesPlace place(RunView view) {
        return new SeriesPlace(
                new LocationId(view.locationId()),
                AddressFamily.ofCode(view.addressFamily()).orElseThrow());
    }

    private Gathered gather(TenantId tenant, Collection<MonitorDefinition> monitors, boolean full) {
        List<MonitorId> ids = monitors.stream().map(MonitorDefinition::id).toList();
        Map<MonitorId, List<SeriesInfo>> series = directory.ofMonitors(tenant, ids);
        List<SeriesId> all = series.values().stream()
                .flatMap(List::stream)
                .map(SeriesInfo::id)
                .toList();
        return new Gathered(
                locations.visibleTo(tenant),
                pools.visibleTo(tenant),
                series,
                sync.of(tenant, ids),
                publicChecks.proven(monitors),
                full ? results.last(tenant, all) : results.lastInOutline(tenant, all),
                logins.suspended(tenant, loggingIn(monitors)),
                clock.instant());
    }

    private static List<MonitorId> loggingIn(Collection<MonitorDefinition> monitors) {
        return monitors.stream()
                .filter(monitor -> monitor.settings().login() != null)
                .map(MonitorDefinition::id)
                .toList();
    }

    private record Gathered(
            List<Location> visible,
            Map<LocationId, LocationPool> pools,
            Map<MonitorId, List<SeriesInfo>> series,
            Map<MonitorId, Map<SeriesPlace, PlaceSync>> sync,
            Proven proven,
            Map<SeriesId, StoredRun> last,
            Map<MonitorId, Instant> suspended,
            Instant now) {

        MonitorStatusView marked(MonitorDefinition monitor, MonitorStatusView status) {
            Instant since = suspended.get(monitor.id());
            return since == null ? status : status.suspendedSince(since);
        }

        MonitorVerdict judge(MonitorDefinition monitor) {
            Map<SeriesPlace, StoredRun> lasts = lastOf(monitor);
            Set<LocationId> wanted = monitor.locations().resolve(visible);
            List<Place> places = new ArrayList<>();
            for (Location location : visible) {
                if (wanted.contains(location.id())) {
                    List<Place.Target> targets = monitor.settings().addressFamily().targets().stream()
                            .map(family -> target(monitor, new SeriesPlace(location.id(), family), lasts))
                            .toList();
                    places.add(new Place(location.id(), location.name(), targets));
                }
            }
            return StatusRule.judge(places, monitor.settings().reportingWindow(), monitor.paused(), now);
        }

        private Place.Target target(MonitorDefinition monitor, SeriesPlace place, Map<SeriesPlace, StoredRun> lasts) {
            StoredRun last = lasts.get(place);
            return new Place.Target(place.target(), last == null ? null : last.run(), awaiting(monitor, place));
        }

        List<SeriesInfo> seriesOf(MonitorDefinition monitor) {
            return series.getOrDefault(monitor.id(), List.of());
        }

        /** Of every series that the monitor has now, also of those that nobody runs. */
        Map<SeriesPlace, PlaceSync> sync(MonitorDefinition monitor) {
            Map<SeriesPlace, PlaceSync> all = new HashMap<>();
            for (Location location : visible) {
                for (AddressFamily family : monitor.settings().addressFamily().targets()) {
                    all.put(new SeriesPlace(location.id(), family), nobody(monitor, location.id()));
                }
            }
            all.putAll(sync.getOrDefault(monitor.id(), Map.of()));
            return all;
        }

        private PlaceSync nobody(MonitorDefinition monitor, LocationId location) {
            return isPublic(location)
                    ? proven.refusal(monitor.tenant(), monitor.settings())
                            .map(PlaceSync::notProven)
                            .orElseGet(() -> nobody(location))
                    : nobody(location);
        }

        private boolean isPublic(LocationId id) {
            return visible.stream()
                    .anyMatch(location -> location.isPublic() && location.id().equals(id));
        }

        private PlaceSync nobody(LocationId location) {
            LocationPool pool = pools.get(location);
            if (pool == null) {
                return PlaceSync.NO_AGENT;
            }
            return switch (pool.state()) {
                case NO_AGENT -> PlaceSync.nobody("This location has no agent yet");
                case NEVER_CONNECTED -> PlaceSync.nobody("No agent of this location has ever connected");
                case IN_MAINTENANCE -> PlaceSync.nobody("Every agent of this location is in maintenance");
                case SILENT -> PlaceSync.nobody("No agent of this location is connected");
                case ONLINE -> PlaceSync.NO_AGENT;
            };
        }

        /** Then it may be able to all the same, afterwards. */
        private boolean inMaintenance(LocationId location) {
            LocationPool pool = pools.get(location);
            return pool != null && pool.state() == LocationState.IN_MAINTENANCE;
        }

        private @Nullable Instant silentSince(LocationId location) {
            LocationPool pool = pools.get(location);
            return pool == null || pool.state() != LocationState.SILENT ? null : pool.silentSince();
        }

        /** Of the series that the monitor has now: one of another address family belongs to its past. */
        Map<SeriesPlace, StoredRun> lastOf(MonitorDefinition monitor) {
            List<AddressFamily> targets = monitor.settings().addressFamily().targets();
            Map<SeriesPlace, StoredRun> lasts = new LinkedHashMap<>();
            for (SeriesInfo info : seriesOf(monitor)) {
                @Nullable StoredRun run = targets.contains(info.target()) ? last.get(info.id()) : null;
                if (run != null) {
                    lasts.put(info.place(), run);
                }
            }
            return lasts;
        }

        private Place.Awaiting awaiting(MonitorDefinition monitor, SeriesPlace place) {
            if (monitor.paused()) {
                return new Place.Awaiting.Obstacle("Paused");
            }
            Instant silentSince = silentSince(place.location());
            if (silentSince != null) {
                return new Place.Awaiting.AnyAgent(silentSince);
            }
            PlaceSync state =
                    sync.getOrDefault(monitor.id(), Map.of()).getOrDefault(place, nobody(monitor, place.location()));
            String message = state.message();
            return switch (state.state()) {
                case IN_SYNC ->
                    new Place.Awaiting.NextRun(RunGrid.nextRun(monitor.id(), monitor.settings(), place.target(), now));
                case REJECTED -> new Place.Awaiting.Obstacle("No data: the agent does not run it" + because(message));
                case NO_AGENT ->
                    inMaintenance(place.location())
                            ? new Place.Awaiting.Obstacle("No data" + because(message))
                            : new Place.Awaiting.AbleAgent("No data" + because(message));
                case NOT_PROVEN -> new Place.Awaiting.Obstacle("No data" + because(message));
                case PENDING -> new Place.Awaiting.Obstacle("No data" + because(message));
                // It may well go on probing: only when its results will come is not known.
                case UNKNOWN -> new Place.Awaiting.Obstacle(StatusSentence.agentLost(state.agentLostSince()));
            };
        }

        private static String because(@Nullable String message) {
            return message == null || message.isBlank()
                    ? ""
                    : ": " + message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        }
    }
}
