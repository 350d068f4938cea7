package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a tenant. */
public record TenantId(UUID value) {
    /** Owns what is public: regions and public agents. Readable by all tenants. */
    public static final TenantId PLATFORM = new TenantId(new UUID(0x0000_0000_0000_7000L, 0x8000_0000_0000_0000L));

    public static TenantId of(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
