package io.postwatch.controller.monitor;

import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.shared.id.LocationId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where a monitor runs: at all public locations, at those listed, or both. */
public record LocationSelection(boolean allPublic, List<LocationId> locations) {
    public LocationSelection {
        locations = locations.stream().distinct().toList();
        if (!allPublic && locations.isEmpty()) {
            throw new IllegalArgumentException("A monitor runs somewhere");
        }
    }

    /** As {@link #resolve(Collection, Collection)}, of the locations that the tenant sees. */
    public Set<LocationId> resolve(Collection<Location> visible) {
        return resolve(
                visible.stream().filter(Location::isPublic).map(Location::id).toList(),
                visible.stream()
                        .filter(location -> !location.isPublic())
                        .map(Location::id)
                        .toList());
    }

    /**
     * The locations that this selection means now. Where "all public" alone finds no public location, it means every
     * private one of the tenant: a platform without regions still checks.
     */
    public Set<LocationId> resolve(Collection<LocationId> publicLocations, Collection<LocationId> privateLocations) {
        Set<LocationId> resolved = new LinkedHashSet<>();
        if (allPublic) {
            resolved.addAll(publicLocations);
        }
        resolved.addAll(locations);
        return resolved.isEmpty() ? new LinkedHashSet<>(privateLocations) : resolved;
    }
}
