package io.postwatch.controller.monitor;

import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.LocationUse;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Tells fleet how many monitors are to run at each location. */
@Component
class MonitorsAtLocations implements LocationUse {
    private final MonitorRows rows;
    private final Locations locations;

    MonitorsAtLocations(MonitorRows rows, Locations locations) {
        this.rows = rows;
        this.locations = locations;
    }

    @Override
    public Map<LocationId, Integer> monitors(TenantId tenant) {
        List<Location> visible = locations.visibleTo(tenant);
        List<LocationId> publicOnes =
                visible.stream().filter(Location::isPublic).map(Location::id).toList();
        List<LocationId> privateOnes =
                visible.stream().filter(l -> !l.isPublic()).map(Location::id).toList();
        Map<LocationId, Integer> counts = new HashMap<>();
        for (LocationSelection selection : rows.selections(tenant)) {
            selection.resolve(publicOnes, privateOnes).forEach(location -> counts.merge(location, 1, Integer::sum));
        }
        return counts;
    }
}
