package io.postwatch.controller.web;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a create repeatable: the same key with the same request names what the first one made. Keys are kept for a day,
 * per tenant and user. What was created is read anew for the answer, so a secret that is shown once isn't shown again.
 */
@Component
public class Idempotency {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,100}");
    private static final Duration KEPT = Duration.ofDays(1);

    private final TenantTransactions transactions;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final InstantSource clock;

    Idempotency(TenantTransactions transactions, JdbcClient jdbc, JsonMapper json, InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Creates once, in one transaction of the member's tenant.
     *
     * @param key the header {@code Idempotency-Key}; null creates each time
     * @param operation what is created, so that a key isn't taken for another kind of thing
     * @param request the body
     * @param freshId the id of the new thing
     * @param create creates it under that id
     * @return the id of what was created, now or by an earlier request with this key
     */
    public UUID create(
            ActingMember member,
            @Nullable String key,
            String operation,
            Object request,
            UUID freshId,
            Consumer<UUID> create) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw ProblemException.invalidParameter(
                    "Idempotency-Key", "invalid", "Idempotency-Key has 1 to 100 printable ASCII characters");
        }
        return transactions.call(member.tenant(), () -> {
            Optional<UUID> earlier =
                    key == null ? Optional.empty() : claim(member, key, hash(operation, request), freshId);
            if (earlier.isEmpty()) {
                create.accept(freshId);
            }
            return earlier.orElse(freshId);
        });
    }

    /** Takes the key, or gives what it was taken for. A concurrent request with the same key waits for this transaction. */
    private Optional<UUID> claim(ActingMember member, String key, byte[] hash, UUID freshId) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("DELETE FROM idempotency_key WHERE tenant_id = ? AND created_at < ?")
                .params(member.tenant().value(), now.minus(KEPT))
                .update();
        int inserted = jdbc.sql("""
                        INSERT INTO idempotency_key (tenant_id, user_id, key, request_hash, resource_id, created_at)
                        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, user_id, key) DO NOTHING
                        """)
                .params(member.tenant().value(), member.user().value(), key, hash, freshId, now)
                .update();
        if (inserted == 1) {
            return Optional.empty();
        }
        Claimed claimed = jdbc.sql(
                        "SELECT request_hash, resource_id FROM idempotency_key WHERE tenant_id = ? AND user_id = ? AND key = ?")
                .params(member.tenant().value(), member.user().value(), key)
                .query((row, number) ->
                        new Claimed(HexFormat.of().formatHex(row.getBytes(1)), row.getObject(2, UUID.class)))
                .single();
        if (!claimed.requestHash.equals(HexFormat.of().formatHex(hash))) {
            throw ProblemException.of(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use a new key for a new request; keys are kept for a day.");
        }
        return Optional.of(claimed.resource);
    }

    private byte[] hash(String operation, Object request) {
        MessageDigest digest = Digests.sha256();
        digest.update(operation.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return digest.digest(json.writeValueAsBytes(request));
    }

    private record Claimed(String requestHash, UUID resource) {}
}
