package io.postwatch.controller.monitor;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.proof.DomainProofs;
import io.postwatch.controller.proof.MailDomain;
import io.postwatch.controller.proof.ProofNeed;
import io.postwatch.controller.proof.ProofUse;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Which checks agents of public locations make for whom: what logs in or names a recipient only for the tenant that has
 * proven its domain. Every method is part of the caller's transaction, the tenant's or the system's.
 */
@Component
public class PublicChecks implements ProofUse {
    private final DomainProofs proofs;
    private final MonitorRows rows;
    private final Locations locations;

    PublicChecks(DomainProofs proofs, MonitorRows rows, Locations locations) {
        this.proofs = proofs;
        this.rows = rows;
        this.locations = locations;
    }

    /**
     * What the tenants of some monitors have proven.
     *
     * @param proven by tenant; who has proven nothing, or was not asked about, is absent
     */
    public record Proven(Map<TenantId, Set<MailDomain>> proven) {
        /** Nobody has proven anything. */
        public static final Proven NOTHING = new Proven(Map.of());

        public Proven {
            proven = Map.copyOf(proven);
        }

        /** Why agents of public locations don't make this check for the tenant; empty: they do. */
        public Optional<String> refusal(TenantId tenant, MonitorSettings settings) {
            List<ProofNeed> unmet = ProofNeed.unmet(settings, proven.getOrDefault(tenant, Set.of()));
            return unmet.isEmpty()
                    ? Optional.empty()
                    : Optional.of(unmet.stream().map(ProofNeed::sentence).collect(Collectors.joining(". ")));
        }
    }

    /** As far as these monitors need to know. */
    public Proven proven(Collection<MonitorDefinition> monitors) {
        Set<TenantId> needing = monitors.stream()
                .filter(monitor -> !ProofNeed.of(monitor.settings()).isEmpty())
                .map(MonitorDefinition::tenant)
                .collect(Collectors.toSet());
        return needing.isEmpty() ? Proven.NOTHING : new Proven(proofs.proven(needing));
    }

    /** As far as this check needs to know. */
    public Proven proven(TenantId tenant, MonitorSettings settings) {
        return ProofNeed.of(settings).isEmpty() ? Proven.NOTHING : new Proven(proofs.proven(Set.of(tenant)));
    }

    /** Refuses what would run at a public location and must not. */
    void require(TenantId tenant, MonitorDraft draft) {
        List<Location> visible = locations.visibleTo(tenant);
        if (ProofNeed.of(draft.settings()).isEmpty() || !isPublic(draft.locations(), visible)) {
            return;
        }
        List<FieldError> errors = ProofNeed.unmet(draft.settings(), proofs.proven(tenant)).stream()
                .map(PublicChecks::error)
                .toList();
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
    }

    private static FieldError error(ProofNeed need) {
        String field = switch (need.subject()) {
            case LOGIN -> "credentials.username";
            case RECIPIENT -> "recipient";
        };
        return switch (need) {
            case ProofNeed.OfDomain(var _, var domain, var sentence) ->
                new FieldError(
                        field,
                        "domain-proof-required",
                        sentence + ". Prove " + domain + " under Domains, or choose private locations only");
            case ProofNeed.Unprovable(var _, var sentence) -> new FieldError(field, "domain-not-provable", sentence);
        };
    }

    private static boolean isPublic(LocationSelection selection, List<Location> visible) {
        Set<LocationId> chosen = selection.resolve(visible);
        return visible.stream().anyMatch(location -> location.isPublic() && chosen.contains(location.id()));
    }

    @Override
    public List<Set<MailDomain>> neededByMonitors(TenantId tenant) {
        List<Location> visible = locations.visibleTo(tenant);
        return rows.needingProof(tenant).stream()
                .filter(monitor -> isPublic(monitor.locations(), visible))
                .map(monitor -> domains(monitor.settings()))
                .filter(domains -> !domains.isEmpty())
                .toList();
    }

    private static Set<MailDomain> domains(MonitorSettings settings) {
        return ProofNeed.of(settings).stream()
                .filter(ProofNeed.OfDomain.class::isInstance)
                .map(need -> ((ProofNeed.OfDomain) need).domain())
                .collect(Collectors.toSet());
    }
}
