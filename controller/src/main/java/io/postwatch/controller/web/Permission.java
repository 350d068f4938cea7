package io.postwatch.controller.web;

import io.postwatch.controller.shared.Role;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a member may do in their tenant, and in which roles: the permission matrix. */
public enum Permission {
    /** See everything of the tenant but its secrets. */
    READ(EnumSet.allOf(Role.class)),
    /** Make, change, pause, test and delete components and monitors. The platform has none of its own. */
    EDIT(EnumSet.of(Role.OWNER, Role.ADMIN, Role.EDITOR)),
    /** Make and delete locations, let agents in and throw them out. */
    ADMINISTER(EnumSet.of(Role.OWNER, Role.ADMIN, Role.OPERATOR)),
    /** Open what is public to all tenants, and say who else may. */
    OPERATE(EnumSet.of(Role.OPERATOR));

    private final Set<Role> roles;

    Permission(EnumSet<Role> roles) {
        this.roles = Collections.unmodifiableSet(roles);
    }

    public boolean isGiven(Role role) {
        return roles.contains(role);
    }

    /** For somebody whose role is none of these. */
    String whomToAsk() {
        return isGiven(Role.OWNER)
                ? "Ask an owner or administrator of the tenant."
                : "Only an operator of the platform may do this.";
    }
}
