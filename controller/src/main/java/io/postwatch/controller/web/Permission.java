package io.postwatch.controller.web;

import io.postwatch.controller.shared.Role;

/** What a member may do, and from which role on: the permission matrix. */
public enum Permission {
    /** See everything of the tenant but its secrets. */
    READ(Role.VIEWER),
    /** Make, change, pause, test and delete components and monitors. */
    EDIT(Role.EDITOR),
    /** Make and delete locations, let agents in and throw them out. */
    ADMINISTER(Role.ADMIN);

    private final Role least;

    Permission(Role least) {
        this.least = least;
    }

    /** Given to the least role and to all mightier ones. */
    public boolean isGiven(Role role) {
        return role.compareTo(least) <= 0;
    }
}
