package io.postwatch.controller.monitor;

import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.inventory.Components;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.problem.ProblemException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The monitors there are. Every method is part of the caller's transaction, the tenant's or, for reading, the system's. */
@Component
public class Monitors {
    private final MonitorRows rows;
    private final Locations locations;
    private final Components components;

    Monitors(MonitorRows rows, Locations locations, Components components) {
        this.rows = rows;
        this.locations = locations;
        this.components = components;
    }

    public Optional<MonitorDefinition> find(TenantId tenant, MonitorId id) {
        return rows.find(tenant, id);
    }

    /** Those of these that there are, of any tenants, read at once. */
    public Map<MonitorKey, MonitorDefinition> find(Collection<MonitorKey> keys) {
        Map<MonitorKey, MonitorDefinition> found = new HashMap<>();
        if (!keys.isEmpty()) {
            rows.find(keys).forEach(monitor -> found.put(new MonitorKey(monitor.tenant(), monitor.id()), monitor));
        }
        return found;
    }

    /** Those that are to run at the location now, of every tenant that sees it. System transaction only. */
    public List<MonitorDefinition> runningAt(Location location) {
        if (location.inPreparation()) {
            return List.of();
        }
        return rows.runningAt(
                location.isPublic() ? null : location.owner(), location.id(), reach(location.owner(), location.id()));
    }

    /** The tenant's monitors that public locations run only where it has proven their domains. */
    public List<MonitorDefinition> needingProof(TenantId tenant) {
        return rows.needingProof(tenant);
    }

    /** How many monitors of any tenant list the location. System transaction only. */
    public int countListing(LocationId location) {
        return rows.countListing(location);
    }

    /** How many of the tenant's monitors list the location. */
    public int countListing(TenantId tenant, LocationId location) {
        return rows.countListing(tenant, location);
    }

    /**
     * Fills in every default, or throws a problem that names all that is wrong.
     *
     * @param changed the monitor whose stored password or access token serves where the request has none; null: there is none. One that
     *     the tenant does not have is a problem
     */
    public MonitorDraft check(TenantId tenant, MonitorRequest request, @Nullable MonitorId changed) {
        MonitorDefinition saved =
                changed == null ? null : rows.find(tenant, changed).orElseThrow(ProblemException::notFound);
        return check(tenant, request, saved);
    }

    MonitorDraft check(TenantId tenant, MonitorRequest request, @Nullable MonitorDefinition saved) {
        List<Location> visible = locations.visibleTo(tenant);
        MonitorCheck.Surroundings surroundings = new MonitorCheck.Surroundings(
                ids(visible, true),
                ids(visible, false),
                id -> components.find(tenant, id).isPresent(),
                saved);
        return switch (MonitorCheck.check(request, surroundings)) {
            case MonitorCheck.Outcome.Good(MonitorDraft draft) -> draft;
            case MonitorCheck.Outcome.Bad(var errors) -> throw ProblemException.invalidFields(errors);
        };
    }

    /** A part of the list, from behind the cursor's key and id. */
    public List<KeyedMonitor> page(
            TenantId tenant,
            MonitorFilter filter,
            MonitorOrder order,
            @Nullable String afterKey,
            @Nullable MonitorId afterId,
            int limit) {
        Object key = afterKey == null ? null : order.parse(afterKey).orElseThrow(Cursor::invalid);
        return rows.page(tenant, filter, reach(tenant, filter.location()), order, key, afterId, limit);
    }

    private MonitorRows.Reach reach(TenantId tenant, @Nullable LocationId location) {
        if (location == null) {
            return MonitorRows.Reach.ONLY_LISTED;
        }
        List<Location> visible = locations.visibleTo(tenant);
        Set<LocationId> publicOnes = ids(visible, true);
        if (publicOnes.contains(location)) {
            return MonitorRows.Reach.PUBLIC;
        }
        return publicOnes.isEmpty() && ids(visible, false).contains(location)
                ? MonitorRows.Reach.ALL_BY_DEFAULT
                : MonitorRows.Reach.ONLY_LISTED;
    }

    private static Set<LocationId> ids(List<Location> locations, boolean publicOnes) {
        return locations.stream()
                .filter(location -> location.isPublic() == publicOnes)
                .map(Location::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
