package io.postwatch.controller.identity;

import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A session as its owner sees it. */
@Schema(name = "Session")
record SessionView(User user, List<TenantMembership> tenants, String csrfToken) {
    /** Who is signed in. */
    record User(UserId id, String email) {}

    /** A tenant the user may act for. */
    record TenantMembership(TenantId id, String name, Role role) {}
}
