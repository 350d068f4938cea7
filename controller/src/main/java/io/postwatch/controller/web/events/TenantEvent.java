package io.postwatch.controller.web.events;

import io.postwatch.controller.shared.id.TenantId;

/** An event and whose it is, as one controller tells another. */
record TenantEvent(TenantId tenant, ChangeEvent event) {
    private static final int PARTS = 4;

    /** The parts in a row: none but the last can have a blank in it. */
    String toNote() {
        return tenant + " " + event.type() + " " + event.revision() + " " + event.id();
    }

    static TenantEvent of(String note) {
        String[] parts = note.split(" ", PARTS);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("Not an event of a tenant: " + note);
        }
        return new TenantEvent(TenantId.of(parts[0]), new ChangeEvent(parts[1], parts[3], Long.parseLong(parts[2])));
    }
}
