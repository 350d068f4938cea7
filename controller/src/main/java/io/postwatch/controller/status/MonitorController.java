package io.postwatch.controller.status;

import io.postwatch.controller.inventory.Components;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorEditing;
import io.postwatch.controller.monitor.MonitorFilter;
import io.postwatch.controller.monitor.MonitorRequest;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Idempotency;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

/** Monitors with their status; here rather than in monitor, which knows nothing of results. */
@RestController
@RequestMapping("/api/v1/monitors")
@Tag(name = "monitors")
class MonitorController {
    private final TenantTransactions transactions;
    private final Monitors monitors;
    private final MonitorEditing editing;
    private final MonitorLists lists;
    private final MonitorStatuses statuses;
    private final Components components;
    private final Idempotency idempotency;
    private final IdSource ids;

    MonitorController(
            TenantTransactions transactions,
            Monitors monitors,
            MonitorEditing editing,
            MonitorLists lists,
            MonitorStatuses statuses,
            Components components,
            Idempotency idempotency,
            IdSource ids) {
        this.transactions = transactions;
        this.monitors = monitors;
        this.editing = editing;
        this.lists = lists;
        this.statuses = statuses;
        this.components = components;
        this.idempotency = idempotency;
        this.ids = ids;
    }

    @GetMapping
    @Operation(operationId = "listMonitors", summary = "List")
    @ForMembers(Permission.READ)
    Page<MonitorView> list(
            ActingMember member,
            Paging paging,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Status status,
            @Parameter(schema = @Schema(allowableValues = {"smtp", "imap", "pop3"}))
                    @RequestParam(required = false)
                    @Nullable
                    String type,
            @RequestParam(required = false) @Nullable UUID componentId,
            @RequestParam(required = false) @Nullable UUID locationId,
            @RequestParam(required = false) @Nullable String tag,
            @RequestParam(required = false) @Nullable Boolean paused,
            @Parameter(
                            schema =
                                    @Schema(
                                            allowableValues = {
                                                "name",
                                                "-name",
                                                "status",
                                                "host",
                                                "createdAt",
                                                "-createdAt"
                                            }))
                    @RequestParam(required = false)
                    @Nullable
                    String sort) {
        MonitorFilter filter = new MonitorFilter(
                ListParameters.text("q", q),
                ListParameters.type(type),
                componentId == null ? null : new ComponentId(componentId),
                locationId == null ? null : new LocationId(locationId),
                ListParameters.text("tag", tag),
                paused);
        MonitorSort order = MonitorSort.parse(sort);
        return transactions.call(member.tenant(), () -> {
            Page<MonitorLists.Listed> page = lists.page(member.tenant(), filter, status, order, paging);
            Map<ComponentId, String> names = components.names(member.tenant());
            return new Page<>(
                    page.items().stream()
                            .map(listed -> view(listed.monitor().monitor(), names, listed.status()))
                            .toList(),
                    page.nextCursor());
        });
    }

    @GetMapping("/counts")
    @Operation(operationId = "countMonitors", summary = "Count by status")
    @ForMembers(Permission.READ)
    MonitorCountsView count(ActingMember member) {
        return transactions.call(member.tenant(), () -> lists.count(member.tenant()));
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "createMonitor", summary = "Create")
    @ForMembers(Permission.EDIT)
    ResponseEntity<MonitorView> create(
            ActingMember member,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody MonitorRequest request) {
        UUID id = idempotency.create(
                member,
                key,
                "monitor",
                request.withoutSecret(),
                ids.next(),
                fresh -> editing.create(member, new MonitorId(fresh), request));
        MonitorView view = read(member.tenant(), new MonitorId(id));
        return Revisions.created("/api/v1/monitors/" + id, view, view.revision());
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getMonitor", summary = "Read, with the last result of each location")
    @ForMembers(Permission.READ)
    ResponseEntity<MonitorView> get(ActingMember member, @PathVariable UUID id) {
        return answer(member, id);
    }

    @PutMapping("/{id}")
    @Operation(operationId = "updateMonitor", summary = "Replace")
    @ForMembers(Permission.EDIT)
    ResponseEntity<MonitorView> replace(
            ActingMember member,
            @PathVariable UUID id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody MonitorRequest request) {
        transactions.run(member.tenant(), () -> editing.replace(member, new MonitorId(id), ifMatch, request));
        return answer(member, id);
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteMonitor", summary = "Delete with its results")
    @ForMembers(Permission.EDIT)
    ResponseEntity<Void> delete(ActingMember member, @PathVariable UUID id) {
        transactions.run(member.tenant(), () -> editing.delete(member, new MonitorId(id)));
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/{id}/pause")
    @Operation(operationId = "pauseMonitor", summary = "Stop running it")
    @ForMembers(Permission.EDIT)
    ResponseEntity<MonitorView> pause(ActingMember member, @PathVariable UUID id) {
        transactions.run(member.tenant(), () -> editing.pause(member, new MonitorId(id), true));
        return answer(member, id);
    }

    @PostMapping("/{id}/resume")
    @Operation(operationId = "resumeMonitor", summary = "Run it again")
    @ForMembers(Permission.EDIT)
    ResponseEntity<MonitorView> resume(ActingMember member, @PathVariable UUID id) {
        transactions.run(member.tenant(), () -> editing.pause(member, new MonitorId(id), false));
        return answer(member, id);
    }

    private ResponseEntity<MonitorView> answer(ActingMember member, UUID id) {
        MonitorView view = read(member.tenant(), new MonitorId(id));
        return Revisions.answer(view, view.revision());
    }

    private MonitorView read(TenantId tenant, MonitorId id) {
        return transactions.call(tenant, () -> {
            MonitorDefinition monitor = monitors.find(tenant, id).orElseThrow(ProblemException::notFound);
            return view(monitor, components.names(tenant), statuses.full(tenant, monitor));
        });
    }

    private static MonitorView view(
            MonitorDefinition monitor, Map<ComponentId, String> names, MonitorStatusView status) {
        return MonitorView.of(monitor, names.getOrDefault(monitor.component(), ""), status);
    }
}
