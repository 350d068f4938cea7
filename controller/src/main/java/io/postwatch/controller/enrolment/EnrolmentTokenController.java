package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.EnrolmentTokenId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.Cursor;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.Idempotency;
import io.postwatch.controller.web.Page;
import io.postwatch.controller.web.Paging;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.events.EventHub;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/enrolment-tokens")
@Tag(name = "enrolment-tokens")
class EnrolmentTokenController {
    private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(7);
    private static final int MAX_USES = 1000;

    private final TenantTransactions transactions;
    private final EnrolmentTokens tokens;
    private final Locations locations;
    private final CertificateAuthority authority;
    private final AgentEndpoint endpoint;
    private final Idempotency idempotency;
    private final IdSource ids;
    private final InstantSource clock;
    private final EventHub hub;
    private final Audit audit;
    private final SecureRandom random = new SecureRandom();

    EnrolmentTokenController(
            TenantTransactions transactions,
            EnrolmentTokens tokens,
            Locations locations,
            CertificateAuthority authority,
            AgentEndpoint endpoint,
            Idempotency idempotency,
            IdSource ids,
            InstantSource clock,
            EventHub hub,
            Audit audit) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.locations = locations;
        this.authority = authority;
        this.endpoint = endpoint;
        this.idempotency = idempotency;
        this.ids = ids;
        this.clock = clock;
        this.hub = hub;
        this.audit = audit;
    }

    /** A token as it is asked for. */
    record EnrolmentTokenRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            UUID locationId,

            @Nullable Integer lifetimeSeconds,
            @Nullable Integer uses,

            @Schema(description = "Whoever comes with it waits until an administrator has approved it; default: no")
            @Nullable
            Boolean needsApproval) {
        Checked check() {
            List<FieldError> errors = new ArrayList<>();
            Duration lifetime = lifetimeSeconds == null ? DEFAULT_LIFETIME : Duration.ofSeconds(lifetimeSeconds);
            if (locationId == null) {
                errors.add(new FieldError("locationId", "required", "Choose a location"));
            }
            if (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
                errors.add(new FieldError("lifetimeSeconds", "out-of-range", "A token lives for 1 minute to 7 days"));
            }
            int times = uses == null ? 1 : uses;
            if (times < 1 || times > MAX_USES) {
                errors.add(new FieldError("uses", "out-of-range", "A token has 1 to " + MAX_USES + " uses"));
            }
            if (locationId == null || !errors.isEmpty()) {
                throw ProblemException.invalidFields(errors);
            }
            return new Checked(new LocationId(locationId), lifetime, times, Boolean.TRUE.equals(needsApproval));
        }
    }

    record Checked(LocationId location, Duration lifetime, int uses, boolean needsApproval) {}

    @GetMapping
    @Operation(operationId = "listEnrolmentTokens", summary = "List")
    @ForMembers(Permission.READ)
    Page<EnrolmentTokenView> list(
            ActingMember member, Paging paging, @RequestParam(required = false) @Nullable LocationId locationId) {
        Cursor after = paging.after();
        return Page.of(
                transactions.call(
                        member.tenant(),
                        () -> tokens.list(
                                member.tenant(), locationId, after == null ? null : after.uuid(0), paging.fetch())),
                paging,
                row -> Cursor.at(row.id()),
                row -> view(member.tenant(), row, null));
    }

    @PostMapping
    @ApiResponse(responseCode = "201", description = "OK", useReturnTypeSchema = true)
    @Operation(operationId = "createEnrolmentToken", summary = "Create; the token is in this answer only")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<EnrolmentTokenView> create(
            ActingMember member,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody EnrolmentTokenRequest request) {
        Checked checked = request.check();
        TenantId tenant = member.tenant();
        TokenText token = TokenText.make(random, authority.keyHash());
        UUID fresh = ids.next();
        UUID id = idempotency.create(member, key, "enrolment-token", checked, fresh, made -> {
            // The lock keeps the location until the token is in.
            Location location = locations
                    .lock(tenant, checked.location())
                    .filter(known -> known.owner().equals(tenant))
                    .orElseThrow(() -> ProblemException.invalidField(
                            "locationId", "unknown", "There is no such location of this tenant"));
            Instant now = clock.instant();
            tokens.insert(
                    tenant,
                    new EnrolmentTokens.Row(
                            made,
                            checked.location().value(),
                            token.prefix(),
                            checked.needsApproval(),
                            null,
                            null,
                            checked.uses(),
                            now.plus(checked.lifetime()),
                            now),
                    token.hash());
            audit.record(AuditEntry.by(member, Act.ENROLMENT_TOKEN_CREATED, made, token.prefix())
                    .with("location", location.name())
                    .with("uses", checked.uses())
                    .with("expiresAt", now.plus(checked.lifetime())));
            hub.publish(tenant, "enrolment-token", made, 1);
        });
        EnrolmentTokens.Row row = transactions.call(
                tenant, () -> tokens.find(tenant, new EnrolmentTokenId(id)).orElseThrow(ProblemException::notFound));
        return ResponseEntity.created(URI.create("/api/v1/enrolment-tokens/" + id))
                .body(view(tenant, row, id.equals(fresh) ? token : null));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "revokeEnrolmentToken", summary = "Revoke")
    @ForMembers(Permission.ADMINISTER)
    ResponseEntity<Void> revoke(ActingMember member, @PathVariable EnrolmentTokenId id) {
        TenantId tenant = member.tenant();
        transactions.run(tenant, () -> {
            EnrolmentTokens.Row token = tokens.find(tenant, id).orElseThrow(ProblemException::notFound);
            if (tokens.revoke(tenant, id, clock.instant())) {
                audit.record(AuditEntry.by(member, Act.ENROLMENT_TOKEN_REVOKED, id.value(), token.prefix()));
                hub.publish(tenant, "enrolment-token", id, 2);
            }
        });
        return ResponseEntity.noContent().build();
    }

    private EnrolmentTokenView view(TenantId owner, EnrolmentTokens.Row row, @Nullable TokenText token) {
        return EnrolmentTokenView.of(owner, row, token, endpoint, clock.instant());
    }
}
