package io.postwatch.controller.monitortest;

import io.postwatch.controller.assignment.Logins;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.monitor.LocationSelection;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorDraft;
import io.postwatch.controller.monitor.MonitorRequest;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.monitortest.MonitorTests.Trial;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.MonitorTestId;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1/monitor-tests")
@Tag(name = "monitor-tests")
class MonitorTestController {
    private static final int MAX_LOCATIONS = 100;

    private static final ProblemCode PASSWORD_UNREADABLE =
            new ProblemCode("password-unreadable", 409, "The stored password can't be read");

    private final TenantTransactions transactions;
    private final MonitorTests tests;
    private final MonitorTestRows rows;
    private final Monitors monitors;
    private final Locations locations;
    private final Logins logins;
    private final SuspendedLogins suspended;
    private final JsonMapper json;
    private final InstantSource clock;

    MonitorTestController(
            TenantTransactions transactions,
            MonitorTests tests,
            MonitorTestRows rows,
            Monitors monitors,
            Locations locations,
            Logins logins,
            SuspendedLogins suspended,
            JsonMapper json,
            InstantSource clock) {
        this.transactions = transactions;
        this.tests = tests;
        this.rows = rows;
        this.monitors = monitors;
        this.locations = locations;
        this.logins = logins;
        this.suspended = suspended;
        this.json = json;
        this.clock = clock;
    }

    /**
     * What to try: a monitor as it would be saved, a saved one, or a changed one of which only the stored password or
     * access token is kept. Without locations: where it would run.
     */
    record MonitorTestRequest(
            @Nullable MonitorRequest monitor,
            @Nullable UUID monitorId,
            @Nullable List<@Nullable UUID> locationIds,

            @Schema(
                    description =
                            "Try a suspended login all the same, from one location; it stays suspended until the credentials are edited")
            @Nullable
            Boolean trySuspendedLogin) {}

    /** A test as it is shown. */
    @Schema(name = "MonitorTest")
    record MonitorTestView(
            UUID id,
            @Schema(allowableValues = {"running", "done"}) String state,
            Instant createdAt,
            List<OutcomeView> outcomes) {}

    /** What became of one run: at one location, over one address family or any. */
    @Schema(name = "MonitorTestOutcome")
    record OutcomeView(
            UUID locationId,
            String locationName,

            @Schema(allowableValues = {"any", "ipv4", "ipv6"})
            String addressFamily,

            @Nullable UUID agentId,

            @Schema(allowableValues = {"waiting", "running", "done", "failed"})
            String state,

            @Nullable String message,
            @Nullable RunView result) {}

    @PostMapping
    @Operation(operationId = "startMonitorTest", summary = "Try a monitor before it is saved, or a saved one")
    @ApiResponse(responseCode = "202", description = "OK", useReturnTypeSchema = true)
    @ForMembers(Permission.EDIT)
    ResponseEntity<MonitorTestView> start(ActingMember member, @RequestBody MonitorTestRequest request) {
        TenantId tenant = member.tenant();
        Trial trial = transactions.call(tenant, () -> trial(member, request));
        MonitorTestId test = tests.start(tenant, trial)
                .orElseThrow(() -> ProblemException.tooManyRequests(
                        MonitorTestRows.PER_MINUTE + " monitor tests were started within a minute. Wait a little.",
                        Duration.ofMinutes(1)));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/monitor-tests/" + test))
                .body(view(tenant, test));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getMonitorTest", summary = "Its outcomes so far")
    @ForMembers(Permission.READ)
    MonitorTestView get(ActingMember member, @PathVariable MonitorTestId id) {
        return view(member.tenant(), id);
    }

    private Trial trial(ActingMember member, MonitorTestRequest request) {
        TenantId tenant = member.tenant();
        MonitorId saved = request.monitorId() == null ? null : new MonitorId(request.monitorId());
        if (request.monitor() != null) {
            MonitorDraft draft = monitors.check(tenant, request.monitor(), saved);
            LoginSecret secret = draft.newSecret() != null ? draft.newSecret() : stored(tenant, draft.keptSecret());
            List<Location> places = places(tenant, draft.settings(), draft.locations(), request);
            boolean kept = draft.newSecret() == null;
            return new Trial(
                    saved,
                    draft.settings(),
                    secret,
                    kept && saved != null
                            ? suspended.allowed(member, saved, draft.settings(), request.trySuspendedLogin(), places)
                            : places);
        }
        if (saved == null) {
            throw ProblemException.invalidField("monitor", "required", "Name a monitor or describe one");
        }
        MonitorDefinition monitor = monitors.find(tenant, saved).orElseThrow(ProblemException::notFound);
        return new Trial(
                saved,
                monitor.settings(),
                stored(tenant, monitor.secret()),
                suspended.allowed(
                        member,
                        saved,
                        monitor.settings(),
                        request.trySuspendedLogin(),
                        places(tenant, monitor.settings(), monitor.locations(), request)));
    }

    private @Nullable LoginSecret stored(TenantId tenant, @Nullable SecretId secret) {
        if (secret == null) {
            return null;
        }
        return logins.stored(tenant, secret)
                .orElseThrow(() -> ProblemException.of(PASSWORD_UNREADABLE, Logins.UNREADABLE + "."));
    }

    private List<Location> places(
            TenantId tenant, MonitorSettings settings, LocationSelection selection, MonitorTestRequest request) {
        List<Location> visible = locations.visibleTo(tenant);
        List<@Nullable UUID> asked = request.locationIds();
        Set<LocationId> wanted = new LinkedHashSet<>();
        if (asked == null || asked.isEmpty()) {
            wanted.addAll(selection.resolve(visible));
        } else {
            for (int i = 0; i < asked.size(); i++) {
                wanted.add(known(visible, asked.get(i), i));
            }
        }
        List<Location> places = new ArrayList<>(visible.stream()
                .filter(location -> wanted.contains(location.id()))
                .toList());
        MonitorLogin login = settings.login();
        if (login != null && !login.isStored() && places.stream().anyMatch(Location::isPublic)) {
            throw ProblemException.invalidField(
                    "locationIds",
                    "private-locations-only",
                    "A secret on an agent's host is for private locations: leave out the public ones");
        }
        if (places.isEmpty()) {
            throw ProblemException.invalidField("locationIds", "required", "There is no location to try it from");
        }
        if (places.size() > MAX_LOCATIONS) {
            throw ProblemException.invalidField(
                    "locationIds", "too-many", "A test runs at most at " + MAX_LOCATIONS + " locations");
        }
        return places;
    }

    private static LocationId known(List<Location> visible, @Nullable UUID id, int index) {
        return visible.stream()
                .map(Location::id)
                .filter(location -> location.value().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalidField(
                        "locationIds[" + index + "]", "unknown", "There is no such location"));
    }

    private MonitorTestView view(TenantId tenant, MonitorTestId test) {
        return transactions.call(tenant, () -> {
            Optional<Instant> createdAt = rows.find(tenant, test, clock.instant());
            List<MonitorTestRows.Outcome> outcomes = rows.outcomes(tenant, test);
            boolean done = outcomes.stream().allMatch(outcome -> outcome.state().isFinal());
            return new MonitorTestView(
                    test.value(),
                    done ? "done" : "running",
                    createdAt.orElseThrow(ProblemException::notFound),
                    outcomes.stream().map(this::view).toList());
        });
    }

    private OutcomeView view(MonitorTestRows.Outcome outcome) {
        String result = outcome.result();
        return new OutcomeView(
                outcome.place().location().value(),
                outcome.locationName(),
                outcome.place().target().code(),
                outcome.agent() == null ? null : outcome.agent().value(),
                outcome.state().code(),
                outcome.message(),
                result == null ? null : json.readValue(result, RunView.class));
    }
}
