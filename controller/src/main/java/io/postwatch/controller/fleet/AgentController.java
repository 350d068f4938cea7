package io.postwatch.controller.fleet;

import io.postwatch.controller.fleet.AgentList.Locked;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.EventHub;
import io.postwatch.controller.web.FieldError;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.NameRules;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.ProblemCode;
import io.postwatch.controller.web.ProblemException;
import io.postwatch.controller.web.Revisions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
@RequestMapping("/api/v1/agents")
@Tag(name = "agents")
class AgentController {
    private static final ProblemCode NOT_REVOKED =
            new ProblemCode("agent-not-revoked", 409, "The agent is not revoked");

    private final TenantTransactions transactions;
    private final AgentList agents;
    private final Locations locations;
    private final AgentSessions sessions;
    private final InstantSource clock;
    private final EventHub hub;
    private final ApplicationEventPublisher events;

    AgentController(
            TenantTransactions transactions,
            AgentList agents,
            Locations locations,
            AgentSessions sessions,
            InstantSource clock,
            EventHub hub,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.agents = agents;
        this.locations = locations;
        this.sessions = sessions;
        this.clock = clock;
        this.hub = hub;
        this.events = events;
    }

    /** An agent as it is sent. */
    record AgentRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String name) {
        String check() {
            List<FieldError> errors = new ArrayList<>();
            String checked = NameRules.name(name, errors);
            if (!errors.isEmpty()) {
                throw ProblemException.invalidFields(errors);
            }
            return checked;
        }
    }

    @GetMapping
    @Operation(operationId = "listAgents", summary = "List")
    @ForMembers(Permission.READ)
    Page<AgentView> list(
            ActingMember member, Paging paging, @RequestParam(required = false) @Nullable LocationId locationId) {
        Cursor after = paging.after();
        return Page.of(
                transactions.call(
                        member.tenant(),
                        () -> agents.list(
                                member.tenant(), locationId, after == null ? null : after.uuid(0), paging.fetch())),
                paging,
                agent -> Cursor.at(agent.id()),
                agent -> agent);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getAgent", summary = "Read")
    @ForMembers(Permission.READ)
    ResponseEntity<AgentView> get(ActingMember member, @PathVariable AgentId id) {
        return withEtag(view(member.tenant(), id));
    }

    @PutMapping("/{id}")
    @Operation(operationId = "updateAgent", summary = "Rename")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<AgentView> rename(
            ActingMember member,
            @PathVariable AgentId id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody AgentRequest request) {
        TenantId tenant = member.tenant();
        AgentView known = view(tenant, id);
        String name = request.check();
        transactions.run(tenant, () -> {
            locations.lock(tenant, new LocationId(known.locationId()));
            Locked before = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            Revisions.check(ifMatch, before.revision());
            if (before.name().equals(name)) {
                return;
            }
            if (!agents.rename(tenant, id, before, name, clock.instant())) {
                throw ProblemException.nameTaken("name", "This location has an agent called " + name + " already");
            }
            hub.publish(tenant, "agent", id, before.revision() + 1);
        });
        return withEtag(view(tenant, id));
    }

    @PostMapping("/{id}/revoke")
    @Operation(operationId = "revokeAgent", summary = "End its session and never let it in again")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<AgentView> revoke(ActingMember member, @PathVariable AgentId id) {
        TenantId tenant = member.tenant();
        Locked revoked = transactions.call(tenant, () -> {
            Locked before = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (before.state().canBecome(AgentState.REVOKED)) {
                agents.revoke(tenant, id, before, clock.instant());
                hub.publish(tenant, "agent", id, before.revision() + 1);
            }
            return before;
        });
        if (revoked.state() != AgentState.REVOKED) {
            sessions.revoked(id);
            events.publishEvent(new AgentRevoked(tenant, id, revoked.location()));
        }
        return withEtag(view(tenant, id));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteAgent", summary = "Delete a revoked or never connected agent")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<Void> delete(ActingMember member, @PathVariable AgentId id) {
        TenantId tenant = member.tenant();
        Locked deleted = transactions.call(tenant, () -> {
            Locked before = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (!before.state().isDeletable()) {
                throw ProblemException.of(
                        NOT_REVOKED, before.name() + " may still come back. Revoke it first, then delete it.");
            }
            agents.delete(tenant, id);
            hub.publish(tenant, "agent", id, before.revision() + 1);
            return before;
        });
        events.publishEvent(new AgentDeleted(tenant, id, deleted.location()));
        return ResponseEntity.noContent().build();
    }

    private AgentView view(TenantId tenant, AgentId id) {
        return transactions.call(tenant, () -> agents.find(tenant, id).orElseThrow(ProblemException::notFound));
    }

    private static ResponseEntity<AgentView> withEtag(AgentView agent) {
        return ResponseEntity.ok().eTag(Revisions.etag(agent.revision())).body(agent);
    }
}
