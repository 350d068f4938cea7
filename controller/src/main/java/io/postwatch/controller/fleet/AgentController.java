package io.postwatch.controller.fleet;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.AgentList.Locked;
import io.postwatch.controller.fleet.news.AgentDeleted;
import io.postwatch.controller.fleet.news.AgentDrained;
import io.postwatch.controller.fleet.news.AgentReturned;
import io.postwatch.controller.fleet.news.AgentRevoked;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.NameRules;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
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
    private static final ProblemCode REVOKED = new ProblemCode("agent-revoked", 409, "The agent is revoked");

    private final TenantTransactions transactions;
    private final AgentList agents;
    private final AgentGaps gaps;
    private final Locations locations;
    private final AgentSessions sessions;
    private final InstantSource clock;
    private final EventHub hub;
    private final Audit audit;
    private final ApplicationEventPublisher events;

    AgentController(
            TenantTransactions transactions,
            AgentList agents,
            AgentGaps gaps,
            Locations locations,
            AgentSessions sessions,
            InstantSource clock,
            EventHub hub,
            Audit audit,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.agents = agents;
        this.gaps = gaps;
        this.locations = locations;
        this.sessions = sessions;
        this.clock = clock;
        this.hub = hub;
        this.audit = audit;
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

    @GetMapping("/{id}/gaps")
    @Operation(
            operationId = "listAgentGaps",
            summary = "List the results that it lost, as it told; the last told first")
    @ForMembers(Permission.READ)
    Page<GapView> gaps(ActingMember member, @PathVariable AgentId id, Paging paging) {
        view(member.tenant(), id);
        return Page.of(
                transactions.call(
                        member.tenant(), () -> gaps.list(member.tenant(), id, paging.after(), paging.fetch())),
                paging,
                AgentGaps.Listed::position,
                AgentGaps.Listed::view);
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
            audit.record(AuditEntry.by(member, Act.AGENT_RENAMED, id.value(), name)
                    .with("location", known.locationName())
                    .with("nameBefore", before.name()));
            hub.publish(tenant, "agent", id, before.revision() + 1);
        });
        return withEtag(view(tenant, id));
    }

    @PostMapping("/{id}/revoke")
    @Operation(
            operationId = "revokeAgent",
            summary = "End its session and never let it in again; one that waits for approval is refused")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<AgentView> revoke(ActingMember member, @PathVariable AgentId id) {
        TenantId tenant = member.tenant();
        Locked revoked = transactions.call(tenant, () -> {
            Locked before = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (before.state() == AgentState.AWAITING_APPROVAL) {
                // It was never let in, and never is.
                agents.refuse(tenant, id, before, clock.instant());
                putOnRecord(member, Act.AGENT_REFUSED, id, before);
                hub.publish(tenant, "agent", id, before.revision() + 1);
            } else if (before.state().canBecome(AgentState.REVOKED)) {
                agents.revoke(tenant, id, before, clock.instant());
                putOnRecord(member, Act.AGENT_REVOKED, id, before);
                hub.publish(tenant, "agent", id, before.revision() + 1);
            }
            return before;
        });
        if (revoked.state().canBecome(AgentState.REVOKED)) {
            sessions.revoked(id);
            events.publishEvent(new AgentRevoked(tenant, id, revoked.location()));
        }
        return withEtag(view(tenant, id));
    }

    /** What came of putting an agent into maintenance or taking it back. */
    @Schema(name = "AgentMaintenance")
    record MaintenanceView(
            AgentView agent,

            @Schema(description = "Of the location, connected and not in maintenance")
            int otherAgents,

            @Schema(description = "What happens to its checks, in one sentence")
            String message) {}

    @PostMapping("/{id}/drain")
    @Operation(operationId = "drainAgent", summary = "Put it into maintenance: its checks move to other agents")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<MaintenanceView> drain(ActingMember member, @PathVariable AgentId id) {
        return setMaintenance(member, id, true);
    }

    @PostMapping("/{id}/resume")
    @Operation(operationId = "resumeAgent", summary = "Take it back from maintenance")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<MaintenanceView> resume(ActingMember member, @PathVariable AgentId id) {
        return setMaintenance(member, id, false);
    }

    private ResponseEntity<MaintenanceView> setMaintenance(ActingMember member, AgentId id, boolean wanted) {
        TenantId tenant = member.tenant();
        Locked before = transactions.call(tenant, () -> {
            Locked locked = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (locked.state().isFinal()) {
                throw ProblemException.of(REVOKED, locked.name() + " is never let in again. Delete it.");
            }
            if (locked.inMaintenance() != wanted) {
                Instant now = clock.instant();
                agents.setMaintenance(tenant, id, locked, wanted ? now : null, now);
                putOnRecord(member, wanted ? Act.AGENT_DRAINED : Act.AGENT_RESUMED, id, locked);
                hub.publish(tenant, "agent", id, locked.revision() + 1);
            }
            return locked;
        });
        if (before.inMaintenance() != wanted) {
            LocationId location = before.location();
            events.publishEvent(
                    wanted ? new AgentDrained(tenant, id, location) : new AgentReturned(tenant, id, location));
        }
        return transactions.call(tenant, () -> {
            AgentView agent = agents.find(tenant, id).orElseThrow(ProblemException::notFound);
            int others = agents.othersAtWork(tenant, before.location(), id);
            String message = wanted ? MaintenanceSentence.drained(agent, others) : MaintenanceSentence.returned(agent);
            return Revisions.answer(new MaintenanceView(agent, others, message), agent.revision());
        });
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
            putOnRecord(member, Act.AGENT_DELETED, id, before);
            hub.publish(tenant, "agent", id, before.revision() + 1);
            return before;
        });
        events.publishEvent(new AgentDeleted(tenant, id, deleted.location()));
        return ResponseEntity.noContent().build();
    }

    private void putOnRecord(ActingMember member, Act act, AgentId id, Locked agent) {
        AuditEntry entry = AuditEntry.by(member, act, id.value(), agent.name());
        audit.record(locations
                .find(member.tenant(), agent.location())
                .map(location -> entry.with("location", location.name()))
                .orElse(entry));
    }

    private AgentView view(TenantId tenant, AgentId id) {
        return transactions.call(tenant, () -> agents.find(tenant, id).orElseThrow(ProblemException::notFound));
    }

    private static ResponseEntity<AgentView> withEtag(AgentView agent) {
        return Revisions.answer(agent, agent.revision());
    }
}
