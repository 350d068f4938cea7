package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.ApplicationEventPublisher;

/** The fleet module on a real database, wired by hand, with time and events in the test's hands. */
public class FleetWorld {
    public final ScopedDatabase database;
    public final TestClock clock = new TestClock(Instant.parse("2026-11-22T12:00:00Z"));
    public final AtomicLong nanos = new AtomicLong();
    public final NanoTicker ticker = nanos::get;
    public final List<Object> events = new CopyOnWriteArrayList<>();
    public final IdSource ids = new IdSource(clock, new SecureRandom());
    public final Locations locations;
    public final Agents agents;
    public final LocationPools pools;

    public FleetWorld(ScopedDatabase database) {
        this.database = database;
        locations = new Locations(database.jdbc());
        agents = new Agents(database.jdbc());
        pools = new LocationPools(database.jdbc());
    }

    public final ApplicationEventPublisher publisher() {
        return events::add;
    }

    /** One that has been opened. */
    public LocationId addPublicLocation(String name) {
        LocationId location = new LocationId(ids.next());
        Location made = Location.made(TenantId.PLATFORM, location, name, "", "DE", clock.instant());
        database.tenants().run(TenantId.PLATFORM, () -> {
            locations.insert(made);
            locations.update(made.opened(), clock.instant());
        });
        return location;
    }

    public LocationId addLocation(TenantId tenant, String name) {
        LocationId location = new LocationId(ids.next());
        database.tenants()
                .run(tenant, () -> locations.insert(Location.made(tenant, location, name, "", null, clock.instant())));
        return location;
    }
}
