package io.postwatch.controller.shared;

/** A member's place in a tenant, the mightiest first. */
public enum Role {
    OWNER,
    ADMIN,
    EDITOR,
    /** Acknowledges, plans maintenance, writes notes. */
    RESPONDER,
    VIEWER
}
