package io.postwatch.controller.fleet;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.Locations.Place;
import io.postwatch.controller.fleet.news.LocationOpened;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Idempotency;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/locations")
@Tag(name = "locations")
class LocationController {
    private static final ProblemCode NOBODY_AT_WORK =
            new ProblemCode("location-without-agent", 409, "No agent of the location is at work");

    private final TenantTransactions transactions;
    private final Locations locations;
    private final AgentList agents;
    private final LocationPools pools;
    private final ObjectProvider<LocationUse> use;
    private final ObjectProvider<LocationClaims> claims;
    private final Idempotency idempotency;
    private final IdSource ids;
    private final InstantSource clock;
    private final EventHub hub;
    private final Audit audit;
    private final ApplicationEventPublisher events;

    LocationController(
            TenantTransactions transactions,
            Locations locations,
            AgentList agents,
            LocationPools pools,
            ObjectProvider<LocationUse> use,
            ObjectProvider<LocationClaims> claims,
            Idempotency idempotency,
            IdSource ids,
            InstantSource clock,
            EventHub hub,
            Audit audit,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.locations = locations;
        this.agents = agents;
        this.pools = pools;
        this.use = use;
        this.claims = claims;
        this.idempotency = idempotency;
        this.ids = ids;
        this.clock = clock;
        this.hub = hub;
        this.audit = audit;
        this.events = events;
    }

    @GetMapping
    @Operation(operationId = "listLocations", summary = "List")
    @ForMembers(Permission.READ)
    Page<LocationView> list(ActingMember member, Paging paging, @RequestParam(required = false) @Nullable String q) {
        TenantId tenant = member.tenant();
        Cursor after = paging.after();
        // A tenant sees few locations: all are read, and a page is cut from them.
        Place last =
                after == null ? null : new Place(Boolean.parseBoolean(after.text(0)), after.text(1), after.uuid(2));
        String search = q == null ? "" : q.strip().toLowerCase(Locale.ROOT);
        return transactions.call(tenant, () -> {
            List<Location> visible = last == null ? locations.visibleTo(tenant) : locations.visibleTo(tenant, last);
            List<Location> found = visible.stream()
                    .filter(location -> location.name().toLowerCase(Locale.ROOT).contains(search))
                    .toList();
            List<Location> rows = found.subList(0, Math.min(found.size(), paging.fetch()));
            Known known = known(tenant);
            return Page.of(
                    rows,
                    paging,
                    location -> Cursor.at(location.isPublic(), location.name(), location.id()),
                    location -> view(location, known));
        });
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "createLocation", summary = "Create")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<LocationView> create(
            ActingMember member,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody LocationRequest request) {
        LocationRequest.Checked checked = request.check(member.tenant());
        UUID id = idempotency.create(member, key, "location", checked, ids.next(), fresh -> {
            Location made = Location.made(
                    member.tenant(),
                    new LocationId(fresh),
                    checked.name(),
                    checked.description(),
                    checked.country(),
                    clock.instant());
            if (!locations.insert(made)) {
                throw nameTaken(checked.name());
            }
            audit.record(AuditEntry.by(member, Act.LOCATION_CREATED, fresh, checked.name()));
            hub.publish(member.tenant(), "location", fresh, 1);
        });
        LocationView made = view(member.tenant(), new LocationId(id));
        return Revisions.created("/api/v1/locations/" + id, made, made.revision());
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getLocation", summary = "Read")
    @ForMembers(Permission.READ)
    ResponseEntity<LocationView> get(ActingMember member, @PathVariable LocationId id) {
        return withEtag(view(member.tenant(), id));
    }

    @PutMapping("/{id}")
    @Operation(operationId = "updateLocation", summary = "Replace")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<LocationView> update(
            ActingMember member,
            @PathVariable LocationId id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody LocationRequest request) {
        TenantId tenant = member.tenant();
        transactions.run(tenant, () -> owned(tenant, id));
        LocationRequest.Checked checked = request.check(tenant);
        transactions.run(tenant, () -> {
            Location before = lockOwned(tenant, id);
            Revisions.check(ifMatch, before.revision());
            Location after = before.changed(checked.name(), checked.description(), checked.country());
            if (after.equals(before.changed(before.name(), before.description(), before.country()))) {
                return;
            }
            if (!locations.update(after, clock.instant())) {
                throw nameTaken(checked.name());
            }
            audit.record(AuditEntry.by(member, Act.LOCATION_CHANGED, id.value(), after.name())
                    .withChange("name", before.name(), after.name())
                    .withChange("description", before.description(), after.description())
                    .withChange("country", countryOf(before), countryOf(after)));
            hub.publish(tenant, "location", id, after.revision());
        });
        return withEtag(view(tenant, id));
    }

    /** From now on each monitor that runs at all public locations runs there, too. */
    @PostMapping("/{id}/open")
    @Operation(operationId = "openLocation", summary = "Open a prepared public location to all tenants")
    @ForMembers(Permission.OPERATE)
    ResponseEntity<LocationView> open(ActingMember member, @PathVariable LocationId id) {
        TenantId tenant = member.tenant();
        boolean opened = transactions.call(tenant, () -> {
            Location before = lockOwned(tenant, id);
            if (!before.inPreparation()) {
                return false;
            }
            if (pools.visibleTo(tenant).getOrDefault(id, LocationPool.EMPTY).working() == 0) {
                throw ProblemException.of(
                        NOBODY_AT_WORK,
                        "No agent of " + before.name() + " is connected and at work: checks would move to where nobody"
                                + " runs them.");
            }
            Location after = before.opened();
            locations.update(after, clock.instant());
            audit.record(AuditEntry.by(member, Act.LOCATION_OPENED, id.value(), after.name()));
            hub.publish(tenant, "location", id, after.revision());
            return true;
        });
        if (opened) {
            events.publishEvent(new LocationOpened(id));
        }
        return withEtag(view(tenant, id));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteLocation", summary = "Delete")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<Void> delete(ActingMember member, @PathVariable LocationId id) {
        TenantId tenant = member.tenant();
        LocationClaims known = claims.getIfAvailable();
        // The platform's transaction sees no monitor of a customer.
        int claimed = known != null && tenant.equals(TenantId.PLATFORM) ? known.monitorsNaming(id) : 0;
        transactions.run(tenant, () -> {
            Location location = lockOwned(tenant, id);
            int agentsHere = agents.countAll(tenant, id);
            int monitorsHere = known == null ? 0 : Math.max(claimed, known.monitorsNaming(tenant, id));
            if (agentsHere + monitorsHere > 0) {
                throw ProblemException.of(
                        ProblemCode.IN_USE,
                        location.name() + " still has " + counted(agentsHere, "agent") + " and "
                                + counted(monitorsHere, "monitor")
                                + ". Delete its agents and let its monitors run elsewhere first.");
            }
            locations.delete(location);
            audit.record(AuditEntry.by(member, Act.LOCATION_DELETED, id.value(), location.name()));
            hub.publish(tenant, "location", id, location.revision() + 1);
        });
        return ResponseEntity.noContent().build();
    }

    private static String countryOf(Location location) {
        String country = location.country();
        return country == null ? "" : country;
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private LocationView view(TenantId tenant, LocationId id) {
        return transactions.call(
                tenant, () -> view(locations.find(tenant, id).orElseThrow(ProblemException::notFound), known(tenant)));
    }

    private static LocationView view(Location location, Known known) {
        return LocationView.of(
                location,
                known.pools().getOrDefault(location.id(), LocationPool.EMPTY),
                known.localSecrets().getOrDefault(location.id(), List.of()),
                known.monitors().getOrDefault(location.id(), 0));
    }

    /** What else is shown of the tenant's locations. */
    private record Known(
            Map<LocationId, LocationPool> pools,
            Map<LocationId, List<String>> localSecrets,
            Map<LocationId, Integer> monitors) {}

    private Known known(TenantId tenant) {
        return new Known(pools.visibleTo(tenant), pools.localSecrets(tenant), monitors(tenant));
    }

    private Map<LocationId, Integer> monitors(TenantId tenant) {
        LocationUse known = use.getIfAvailable();
        return known == null ? Map.of() : known.monitors(tenant);
    }

    /** A public location may be seen but not changed: to whoever would change it, it is as unknown as any other. */
    private Location owned(TenantId tenant, LocationId id) {
        return locations
                .find(tenant, id)
                .filter(location -> location.owner().equals(tenant))
                .orElseThrow(ProblemException::notFound);
    }

    private Location lockOwned(TenantId tenant, LocationId id) {
        owned(tenant, id);
        return locations.lock(tenant, id).orElseThrow(ProblemException::notFound);
    }

    private static ProblemException nameTaken(String name) {
        return ProblemException.nameTaken("name", "There is a location called " + name + " already");
    }

    private static ResponseEntity<LocationView> withEtag(LocationView location) {
        return Revisions.answer(location, location.revision());
    }
}
