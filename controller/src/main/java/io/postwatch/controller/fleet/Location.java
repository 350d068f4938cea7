package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;

/** A place checks run from. The platform tenant's are public, all others private. */
public record Location(
        TenantId owner, LocationId id, String name, String description, long revision, Instant createdAt) {
    public boolean isPublic() {
        return owner.equals(TenantId.PLATFORM);
    }
}
