package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.ReplaceableAgents;
import io.postwatch.controller.fleet.ReplaceableAgents.Replaceable;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tokens that put a new host in the place of a lost one. Nothing happens to the agent before one is used. */
@RestController
@RequestMapping("/api/v1/agents/{id}/replacement")
@Tag(name = "agents")
class AgentReplacementController {
    private static final ProblemCode NOT_REPLACEABLE =
            new ProblemCode("agent-not-replaceable", 409, "The agent can't be replaced");
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final TenantTransactions transactions;
    private final EnrolmentTokens tokens;
    private final ReplaceableAgents agents;
    private final CertificateAuthority authority;
    private final AgentEndpoint endpoint;
    private final IdSource ids;
    private final InstantSource clock;
    private final EventHub hub;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    AgentReplacementController(
            TenantTransactions transactions,
            EnrolmentTokens tokens,
            ReplaceableAgents agents,
            CertificateAuthority authority,
            AgentEndpoint endpoint,
            IdSource ids,
            InstantSource clock,
            EventHub hub,
            Audit audit) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.agents = agents;
        this.authority = authority;
        this.endpoint = endpoint;
        this.ids = ids;
        this.clock = clock;
        this.hub = hub;
        this.audit = audit;
    }

    /** One that was made for the same agent before and not used is of no use any more. */
    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(
            operationId = "replaceAgent",
            summary = "Make a token whose bringer takes the agent's place; the token is in this answer only")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<EnrolmentTokenView> replace(ActingMember member, @PathVariable AgentId id) {
        TenantId tenant = member.tenant();
        TokenText token = TokenText.make(random, authority.keyHash());
        Instant now = clock.instant();
        EnrolmentTokens.Row row = transactions.call(tenant, () -> {
            Replaceable agent = agents.lock(tenant, id).orElseThrow(ProblemException::notFound);
            if (!agent.replaceable()) {
                throw ProblemException.of(
                        NOT_REPLACEABLE, agent.name() + " was never let in or never will be again. Enrol a new agent.");
            }
            tokens.revokeReplacing(tenant, id, now);
            EnrolmentTokens.Row made = new EnrolmentTokens.Row(
                    ids.next(),
                    agent.location().value(),
                    token.prefix(),
                    false,
                    id.value(),
                    null,
                    1,
                    now.plus(LIFETIME),
                    now);
            tokens.insert(tenant, made, token.hash());
            audit.record(AuditEntry.by(member, Act.ENROLMENT_TOKEN_CREATED, made.id(), token.prefix())
                    .with("replaces", agent.name())
                    .with("expiresAt", made.expiresAt()));
            hub.publish(tenant, "enrolment-token", made.id(), 1);
            return made;
        });
        return ResponseEntity.created(URI.create("/api/v1/enrolment-tokens/" + row.id()))
                .body(EnrolmentTokenView.of(tenant, row, token, endpoint, now));
    }
}
