package io.postwatch.controller.assignment.login;

import io.postwatch.controller.shared.id.TenantId;
import java.util.Comparator;
import java.util.UUID;

/** A tenant's password or token for a mailbox, until it is edited. The order is the one in which rows are locked. */
record Credential(TenantId tenant, UUID id) implements Comparable<Credential> {
    private static final Comparator<Credential> ORDER = Comparator.comparing(
                    (Credential credential) -> credential.tenant().value().toString())
            .thenComparing(credential -> credential.id().toString());

    @Override
    public int compareTo(Credential other) {
        return ORDER.compare(this, other);
    }
}
