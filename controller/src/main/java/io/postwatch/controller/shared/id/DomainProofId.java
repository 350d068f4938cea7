package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a tenant's claim to a mail domain. */
public record DomainProofId(UUID value) {
    public static DomainProofId of(String text) {
        return new DomainProofId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
