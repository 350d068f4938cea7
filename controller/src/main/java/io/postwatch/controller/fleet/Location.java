package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A place checks run from. The platform tenant's are public, all others private.
 *
 * @param country where a public one is: two letters of ISO 3166; null for a private one
 * @param inPreparation a public one that has not been opened: no tenant but the platform's sees it, and nothing runs there
 */
public record Location(
        TenantId owner,
        LocationId id,
        String name,
        String description,
        @Nullable String country,
        boolean inPreparation,
        long revision,
        Instant createdAt) {
    public Location {
        boolean isPublic = owner.equals(TenantId.PLATFORM);
        if (isPublic != (country != null)) {
            throw new IllegalArgumentException("A public location has a country, a private one has none");
        }
        if (inPreparation && !isPublic) {
            throw new IllegalArgumentException("A private location is open to its tenant from the beginning");
        }
    }

    /** One that nobody has used yet. A public one is prepared first: opening it moves the checks of tenants. */
    static Location made(
            TenantId owner, LocationId id, String name, String description, @Nullable String country, Instant now) {
        return new Location(owner, id, name, description, country, owner.equals(TenantId.PLATFORM), 1, now);
    }

    /** In its next revision. */
    Location changed(String newName, String newDescription, @Nullable String newCountry) {
        return new Location(owner, id, newName, newDescription, newCountry, inPreparation, revision + 1, createdAt);
    }

    /** In its next revision. */
    Location opened() {
        return new Location(owner, id, name, description, country, false, revision + 1, createdAt);
    }

    public boolean isPublic() {
        return owner.equals(TenantId.PLATFORM);
    }
}
