package io.postwatch.controller.result;

import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.LocationGaps;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The results of one monitor. */
@RestController
@RequestMapping("/api/v1/monitors/{id}")
@Tag(name = "results")
class ResultController {
    private static final Duration USUAL_RANGE = Duration.ofHours(1);
    /** A series of one run per minute for three and a half days. */
    private static final int MOST_POINTS = 5_000;
    /** In all series together; each gets its share, but never less than a chart needs. */
    private static final int MOST_POINTS_TOGETHER = 50_000;

    private static final int LEAST_POINTS = 500;
    /** A chart can't tell more of them apart. */
    private static final int MOST_GAPS = 100;

    private final TenantTransactions transactions;
    private final Monitors monitors;
    private final SeriesDirectory directory;
    private final Locations locations;
    private final LocationGaps gaps;
    private final Results results;
    private final RunViews views;
    private final InstantSource clock;

    ResultController(
            TenantTransactions transactions,
            Monitors monitors,
            SeriesDirectory directory,
            Locations locations,
            LocationGaps gaps,
            Results results,
            RunViews views,
            InstantSource clock) {
        this.transactions = transactions;
        this.monitors = monitors;
        this.directory = directory;
        this.locations = locations;
        this.gaps = gaps;
        this.results = results;
        this.views = views;
        this.clock = clock;
    }

    @GetMapping("/results")
    @Operation(operationId = "listResults", summary = "Runs, newest first, without transcripts")
    @ForMembers(Permission.READ)
    Page<RunView> list(
            ActingMember member,
            @PathVariable UUID id,
            Paging paging,
            @RequestParam(required = false) @Nullable UUID locationId,
            @Parameter(schema = @Schema(allowableValues = {"any", "ipv4", "ipv6"}))
                    @RequestParam(required = false)
                    @Nullable
                    String addressFamily,
            @RequestParam(required = false) @Nullable Status status,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        Results.Filter filter = new Results.Filter(
                from == null ? Instant.EPOCH : Micros.bounded(from),
                to == null ? clock.instant().plus(Duration.ofDays(1)) : Micros.bounded(to),
                status);
        requireRange(filter.from(), filter.to());
        ResultId after = after(paging.after());
        AddressFamily family = family(addressFamily);
        return transactions.call(member.tenant(), () -> {
            Map<SeriesId, SeriesInfo> series = series(member.tenant(), monitor(member.tenant(), id), locationId);
            series.values().removeIf(info -> family != null && info.target() != family);
            List<StoredRun> runs = results.list(member.tenant(), series.keySet(), filter, after, paging.fetch());
            return page(member.tenant(), series, runs, paging);
        });
    }

    @GetMapping("/results/{resultId}")
    @Operation(operationId = "getResult", summary = "One run with its transcript and certificate chain")
    @ForMembers(Permission.READ)
    RunView get(ActingMember member, @PathVariable UUID id, @PathVariable String resultId) {
        ResultId result = ResultId.parse(resultId).orElseThrow(ProblemException::notFound);
        return transactions.call(member.tenant(), () -> {
            Map<SeriesId, SeriesInfo> series = series(member.tenant(), monitor(member.tenant(), id), null);
            if (!series.containsKey(result.series())) {
                throw ProblemException.notFound();
            }
            StoredRun run = results.find(member.tenant(), result).orElseThrow(ProblemException::notFound);
            return views.show(member.tenant(), series, List.of(run)).getFirst();
        });
    }

    @GetMapping("/series")
    @Operation(operationId = "getSeries", summary = "Timings for charts, raw")
    @ForMembers(Permission.READ)
    SeriesView.Response series(
            ActingMember member,
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable UUID locationId) {
        Instant end = to == null ? clock.instant() : Micros.bounded(to);
        Instant begin = from == null ? Micros.bounded(end.minus(USUAL_RANGE)) : Micros.bounded(from);
        requireRange(begin, end);
        return transactions.call(member.tenant(), () -> {
            MonitorDefinition monitor = monitor(member.tenant(), id);
            Map<SeriesId, SeriesInfo> series = series(member.tenant(), monitor, locationId);
            int most = Math.clamp(MOST_POINTS_TOGETHER / Math.max(1, series.size()), LEAST_POINTS, MOST_POINTS);
            Map<SeriesId, List<SeriesPointView>> points =
                    results.points(member.tenant(), series.keySet(), begin, end, most);
            return new SeriesView.Response(
                    begin, end, show(monitor, series, points, most), gaps(member.tenant(), series, begin, end));
        });
    }

    private List<SeriesView.LocationGap> gaps(
            TenantId tenant, Map<SeriesId, SeriesInfo> series, Instant begin, Instant end) {
        Set<LocationId> places =
                series.values().stream().map(SeriesInfo::location).collect(Collectors.toSet());
        return gaps.at(tenant, places, begin, end, MOST_GAPS).stream()
                .map(told -> new SeriesView.LocationGap(told.location().value(), told.agent(), told.gap()))
                .toList();
    }

    private Page<RunView> page(TenantId tenant, Map<SeriesId, SeriesInfo> series, List<StoredRun> runs, Paging paging) {
        // The page is cut first: nothing is looked up for the run that is read only to know whether there are more.
        Page<StoredRun> page =
                Page.of(runs, paging, run -> Cursor.at(Micros.of(run.run().scheduledAt()), run.series()), run -> run);
        return new Page<>(views.show(tenant, series, page.items()), page.nextCursor());
    }

    private static @Nullable AddressFamily family(@Nullable String code) {
        return code == null || code.isEmpty()
                ? null
                : AddressFamily.ofCode(code)
                        .orElseThrow(() -> ProblemException.invalidParameter(
                                "addressFamily", "unknown-value", "addressFamily is one of any, ipv4, ipv6"));
    }

    private MonitorDefinition monitor(TenantId tenant, UUID id) {
        return monitors.find(tenant, new MonitorId(id)).orElseThrow(ProblemException::notFound);
    }

    /** All that there are, also of the monitor's past. */
    private Map<SeriesId, SeriesInfo> series(TenantId tenant, MonitorDefinition monitor, @Nullable UUID locationId) {
        Map<SeriesId, SeriesInfo> series = new LinkedHashMap<>();
        for (SeriesInfo info : directory.ofMonitor(tenant, monitor.id())) {
            if (locationId == null || info.location().value().equals(locationId)) {
                series.put(info.id(), info);
            }
        }
        return series;
    }

    private List<SeriesView> show(
            MonitorDefinition monitor,
            Map<SeriesId, SeriesInfo> series,
            Map<SeriesId, List<SeriesPointView>> points,
            int most) {
        List<AddressFamily> targets = monitor.settings().addressFamily().targets();
        Map<LocationId, String> names = new HashMap<>();
        locations.visibleTo(monitor.tenant()).forEach((Location location) -> names.put(location.id(), location.name()));
        List<SeriesView> views = new ArrayList<>();
        for (SeriesInfo info : series.values()) {
            List<SeriesPointView> found = points.getOrDefault(info.id(), List.of());
            String name = names.get(info.location());
            boolean ended = name == null || !targets.contains(info.target());
            if (found.isEmpty() && ended) {
                continue;
            }
            boolean truncated = found.size() > most;
            views.add(new SeriesView(
                    info.id().toString(),
                    info.location().value(),
                    name == null ? "Deleted location" : name,
                    info.target().code(),
                    truncated,
                    truncated ? List.copyOf(found.subList(1, found.size())) : found));
        }
        return views;
    }

    private static @Nullable ResultId after(@Nullable Cursor cursor) {
        if (cursor == null) {
            return null;
        }
        long micros = cursor.number(0);
        long series = cursor.number(1);
        if (series <= 0 || micros < 0) {
            throw Cursor.invalid();
        }
        return new ResultId(new SeriesId(series), Micros.bounded(Micros.instant(micros)));
    }

    private static void requireRange(Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw ProblemException.invalidParameter("from", "contradiction", "from is before to");
        }
    }
}
