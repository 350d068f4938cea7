package io.postwatch.controller.shared;

/** A member's place in a tenant, the mightiest of a customer's first. */
public enum Role {
    OWNER,
    ADMIN,
    EDITOR,
    /** Acknowledges, plans maintenance, writes notes. */
    RESPONDER,
    VIEWER,
    /** Runs the platform. Members of the platform tenant have this role and no other, and nobody has it elsewhere. */
    OPERATOR
}
