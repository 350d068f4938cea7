package io.postwatch.controller.secret;

import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far a tenant is with its data keys. Inside the caller's transaction. */
@Component
class DataKeyStatus {
    private final JdbcClient jdbc;
    private final DataKeys keys;
    private final SecretProperties properties;

    DataKeyStatus(JdbcClient jdbc, DataKeys keys, SecretProperties properties) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.properties = properties;
    }

    private record Key(UUID id, boolean lost, Instant createdAt, long secrets) {}

    DataKeyView of(TenantId tenant) {
        List<Key> all = jdbc.sql("""
                        SELECT k.tenant_id, k.data_key_id, k.wrapped, k.created_at,
                            coalesce(k.kek_id, p.key_check) AS kek_id, k.kek_id = ANY (p.given_up_keks) AS given_up,
                            (SELECT count(*) FROM secret s
                             WHERE s.tenant_id = k.tenant_id AND s.data_key_id = k.data_key_id) AS secrets
                        FROM data_key k CROSS JOIN platform p WHERE k.tenant_id = ?
                        ORDER BY k.generation DESC, k.data_key_id DESC
                        """)
                .param(tenant.value())
                .query((row, n) -> {
                    DataKeys.Stored stored = keys.stored(row);
                    return new Key(
                            stored.id(),
                            stored.lost(),
                            row.getObject("created_at", OffsetDateTime.class).toInstant(),
                            row.getLong("secrets"));
                })
                .list();
        List<Key> usable = all.stream().filter(key -> !key.lost()).toList();
        long lost = all.stream().filter(Key::lost).mapToLong(Key::secrets).sum();
        if (usable.isEmpty()) {
            return new DataKeyView(null, null, false, 0, lost);
        }
        Key newest = usable.getFirst();
        return new DataKeyView(
                newest.createdAt(),
                newest.createdAt().plus(properties.dataKeyAge()),
                usable.size() > 1,
                usable.stream().skip(1).mapToLong(Key::secrets).sum(),
                lost);
    }
}
