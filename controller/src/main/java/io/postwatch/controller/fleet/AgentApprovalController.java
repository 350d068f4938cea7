package io.postwatch.controller.fleet;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.AgentList.Locked;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.Revisions;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A person's word on an agent that waits for it. */
@RestController
@RequestMapping("/api/v1/agents/{id}")
@Tag(name = "agents")
class AgentApprovalController {
    private static final ProblemCode NOT_AWAITING =
            new ProblemCode("agent-not-awaiting-approval", 409, "The agent does not wait for approval");

    private final TenantTransactions transactions;
    private final AgentList agents;
    private final InstantSource clock;
    private final EventHub hub;
    private final Audit audit;

    AgentApprovalController(
            TenantTransactions transactions, AgentList agents, InstantSource clock, EventHub hub, Audit audit) {
        this.transactions = transactions;
        this.agents = agents;
        this.clock = clock;
        this.hub = hub;
        this.audit = audit;
    }

    @PostMapping("/approve")
    @Operation(operationId = "approveAgent", summary = "Let in an agent that waits for approval")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<AgentView> approve(ActingMember member, @PathVariable AgentId id) {
        return decide(member, id, AgentState.NEVER_CONNECTED);
    }

    @PostMapping("/refuse")
    @Operation(operationId = "refuseAgent", summary = "Never let in an agent that waits for approval")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<AgentView> refuse(ActingMember member, @PathVariable AgentId id) {
        return decide(member, id, AgentState.REFUSED);
    }

    /** Saying the same again changes nothing. */
    private ResponseEntity<AgentView> decide(ActingMember member, AgentId id, AgentState wanted) {
        TenantId tenant = member.tenant();
        AgentView agent = transactions.call(tenant, () -> {
            Locked before = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (before.state() == AgentState.AWAITING_APPROVAL) {
                decide(member, id, before, wanted == AgentState.NEVER_CONNECTED);
                hub.publish(tenant, "agent", id, before.revision() + 1);
            } else if (before.state() != wanted) {
                throw ProblemException.of(NOT_AWAITING, before.name() + " does not wait for approval any more.");
            }
            return agents.find(tenant, id).orElseThrow(ProblemException::notFound);
        });
        return Revisions.answer(agent, agent.revision());
    }

    private void decide(ActingMember member, AgentId id, Locked before, boolean approved) {
        if (approved) {
            agents.approve(member.tenant(), id, before, clock.instant());
        } else {
            agents.refuse(member.tenant(), id, before, clock.instant());
        }
        audit.record(
                AuditEntry.by(member, approved ? Act.AGENT_APPROVED : Act.AGENT_REFUSED, id.value(), before.name()));
    }
}
