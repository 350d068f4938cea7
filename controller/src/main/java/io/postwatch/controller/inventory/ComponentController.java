package io.postwatch.controller.inventory;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Idempotency;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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

@RestController
@RequestMapping("/api/v1/components")
@Tag(name = "components")
class ComponentController {
    private final Components components;
    private final Idempotency idempotency;
    private final IdSource ids;

    ComponentController(Components components, Idempotency idempotency, IdSource ids) {
        this.components = components;
        this.idempotency = idempotency;
        this.ids = ids;
    }

    @GetMapping
    @Operation(operationId = "listComponents", summary = "List")
    @ForMembers(Permission.READ)
    Page<Component> list(ActingMember member, Paging paging, @RequestParam(required = false) @Nullable String q) {
        return components.list(member.tenant(), paging, q);
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "createComponent", summary = "Create")
    @ForMembers(Permission.EDIT)
    ResponseEntity<Component> create(
            ActingMember member,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody ComponentRequest request) {
        ComponentRequest.Checked checked = request.check();
        UUID id = idempotency.create(
                member,
                key,
                "component",
                checked,
                ids.next(),
                fresh -> components.create(member, new ComponentId(fresh), checked.name(), checked.description()));
        Component made = get(member.tenant(), new ComponentId(id));
        return Revisions.created("/api/v1/components/" + id, made, made.revision());
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getComponent", summary = "Read")
    @ForMembers(Permission.READ)
    ResponseEntity<Component> get(ActingMember member, @PathVariable ComponentId id) {
        return withEtag(get(member.tenant(), id));
    }

    @PutMapping("/{id}")
    @Operation(operationId = "updateComponent", summary = "Replace")
    @ForMembers(Permission.EDIT)
    ResponseEntity<Component> update(
            ActingMember member,
            @PathVariable ComponentId id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody ComponentRequest request) {
        get(member.tenant(), id);
        ComponentRequest.Checked checked = request.check();
        return withEtag(components.update(member, id, ifMatch, checked.name(), checked.description()));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteComponent", summary = "Delete")
    @ForMembers(Permission.EDIT)
    ResponseEntity<Void> delete(ActingMember member, @PathVariable ComponentId id) {
        components.delete(member, id);
        return ResponseEntity.noContent().build();
    }

    private Component get(io.postwatch.controller.shared.id.TenantId tenant, ComponentId id) {
        return components.find(tenant, id).orElseThrow(ProblemException::notFound);
    }

    private static ResponseEntity<Component> withEtag(Component component) {
        return Revisions.answer(component, component.revision());
    }
}
