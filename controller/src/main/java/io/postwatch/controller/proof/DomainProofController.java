package io.postwatch.controller.proof;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.proof.DomainLookups.Look;
import io.postwatch.controller.proof.DomainProofs.Watched;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Idempotency;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which mail domains a tenant says are its own, and what agents saw of the records that prove it. */
@RestController
@RequestMapping("/api/v1/domain-proofs")
@Tag(name = "domain-proofs")
class DomainProofController {
    static final int MAX_CLAIMS = 100;

    private final TenantTransactions transactions;
    private final DomainProofs proofs;
    private final DomainLookups lookups;
    private final DomainLooks looks;
    private final ObjectProvider<ProofUse> use;
    private final Idempotency idempotency;
    private final Audit audit;
    private final EventHub hub;
    private final ApplicationEventPublisher events;
    private final IdSource ids;
    private final InstantSource clock;

    DomainProofController(
            TenantTransactions transactions,
            DomainProofs proofs,
            DomainLookups lookups,
            DomainLooks looks,
            ObjectProvider<ProofUse> use,
            Idempotency idempotency,
            Audit audit,
            EventHub hub,
            ApplicationEventPublisher events,
            IdSource ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.proofs = proofs;
        this.lookups = lookups;
        this.looks = looks;
        this.use = use;
        this.idempotency = idempotency;
        this.audit = audit;
        this.hub = hub;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    /** Which domain is claimed. */
    record DomainProofRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String domain) {
        MailDomain check() {
            return MailDomain.read(domain == null ? "" : domain.strip())
                    .orElseThrow(() -> ProblemException.invalidField(
                            "domain", "bad-domain", "Enter a domain such as example.org, with at least one dot"));
        }
    }

    @GetMapping
    @Operation(operationId = "listDomainProofs", summary = "List")
    @ForMembers(Permission.READ)
    Page<DomainProofView> list(ActingMember member, Paging paging) {
        TenantId tenant = member.tenant();
        Cursor after = paging.after();
        return transactions.call(tenant, () -> {
            List<Set<MailDomain>> needed = needed(tenant);
            return Page.of(
                    proofs.list(tenant, after == null ? null : after.text(0), paging.fetch()),
                    paging,
                    watched -> Cursor.at(watched.proof().domain().value()),
                    watched -> view(watched, needed));
        });
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "claimDomain", summary = "Claim a domain; the answer says which record proves it")
    @ForMembers(Permission.EDIT)
    ResponseEntity<DomainProofView> claim(
            ActingMember member,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody DomainProofRequest request) {
        TenantId tenant = member.tenant();
        MailDomain domain = request.check();
        UUID id = idempotency.create(member, key, "domain-proof", domain.value(), ids.next(), fresh -> {
            if (proofs.count(tenant) >= MAX_CLAIMS) {
                throw ProblemException.invalidField(
                        "domain", "too-many", "At most " + MAX_CLAIMS + " domains can be claimed");
            }
            if (!proofs.claim(tenant, new DomainProofId(fresh), domain)) {
                throw ProblemException.nameTaken("domain", domain + " is in the list already");
            }
            audit.record(AuditEntry.by(member, Act.DOMAIN_PROOF_CLAIMED, fresh, domain.value()));
            hub.publish(tenant, "domain-proof", fresh, 0);
        });
        return ResponseEntity.created(URI.create("/api/v1/domain-proofs/" + id))
                .body(view(tenant, new DomainProofId(id)));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getDomainProof", summary = "Read")
    @ForMembers(Permission.READ)
    DomainProofView get(ActingMember member, @PathVariable DomainProofId id) {
        return view(member.tenant(), id);
    }

    @PostMapping("/{id}/check")
    @ApiResponse(responseCode = "202", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "checkDomainProof", summary = "Let public agents look for the record now")
    @ForMembers(Permission.EDIT)
    ResponseEntity<DomainProofView> check(ActingMember member, @PathVariable DomainProofId id) {
        switch (looks.begin(member.tenant(), id)) {
            case YES -> {}
            case UNKNOWN -> throw ProblemException.notFound();
            case NOT_NOW ->
                throw ProblemException.tooManyRequests(
                        "Records were looked for " + DomainLooks.PER_MINUTE + " times within a minute. Wait a little.",
                        Duration.ofMinutes(1));
        }
        return ResponseEntity.accepted().body(view(member.tenant(), id));
    }

    /** What public locations did by it ends at once. */
    @DeleteMapping("/{id}")
    @Operation(operationId = "withdrawDomainProof", summary = "Delete")
    @ForMembers(Permission.EDIT)
    ResponseEntity<Void> withdraw(ActingMember member, @PathVariable DomainProofId id) {
        TenantId tenant = member.tenant();
        transactions.run(tenant, () -> {
            Watched watched = proofs.lock(tenant, id).orElseThrow(ProblemException::notFound);
            proofs.withdraw(tenant, id);
            audit.record(AuditEntry.by(
                    member,
                    Act.DOMAIN_PROOF_WITHDRAWN,
                    id.value(),
                    watched.proof().domain().value()));
            events.publishEvent(new DomainProofChanged(tenant));
            hub.publish(tenant, "domain-proof", id, watched.looks() + 1);
        });
        return ResponseEntity.noContent().build();
    }

    private DomainProofView view(TenantId tenant, DomainProofId id) {
        return transactions.call(
                tenant, () -> view(proofs.find(tenant, id).orElseThrow(ProblemException::notFound), needed(tenant)));
    }

    private DomainProofView view(Watched watched, List<Set<MailDomain>> needed) {
        DomainProof proof = watched.proof();
        long monitors = needed.stream()
                .filter(domains -> domains.stream().anyMatch(proof.domain()::covers))
                .count();
        return DomainProofView.of(
                watched,
                lookups.of(new Look(proof.tenant(), proof.id(), watched.looks())),
                Math.toIntExact(monitors),
                clock.instant());
    }

    private List<Set<MailDomain>> needed(TenantId tenant) {
        ProofUse known = use.getIfAvailable();
        return known == null ? List.of() : known.neededByMonitors(tenant);
    }
}
