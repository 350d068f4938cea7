package io.postwatch.controller.web;

import io.postwatch.controller.shared.Role;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a member may do in their tenant, and in which roles: the permission matrix. */
public enum Permission {
    /** See everything of the tenant but its secrets. */
    READ,
    /** Make, change, pause, test and delete components and monitors. The platform has none of its own. */
    EDIT,
    /** Make and delete locations, let agents in and throw them out. */
    ADMINISTER,
    /** Open what is public to all tenants, and say who else may. */
    OPERATE;

    private static final Map<Permission, Set<Role>> MATRIX = Map.of(
            READ, EnumSet.allOf(Role.class),
            EDIT, EnumSet.of(Role.OWNER, Role.ADMIN, Role.EDITOR),
            ADMINISTER, EnumSet.of(Role.OWNER, Role.ADMIN, Role.OPERATOR),
            OPERATE, EnumSet.of(Role.OPERATOR));

    public boolean isGiven(Role role) {
        return MATRIX.getOrDefault(this, Set.of()).contains(role);
    }

    /** For somebody whose role does not give it. */
    String whomToAsk(Role role) {
        if (role == Role.OPERATOR) {
            return "The platform has none of its own: do this in a tenant.";
        }
        return isGiven(Role.OWNER)
                ? "Ask an owner or administrator of the tenant."
                : "Only an operator of the platform may do this.";
    }
}
