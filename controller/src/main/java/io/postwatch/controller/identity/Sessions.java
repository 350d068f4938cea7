package io.postwatch.controller.identity;

import io.postwatch.controller.scope.DirectoryTransactions;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who is signed in, in the database: any controller knows every session, and a restart ends none. */
@Component
class Sessions {
    /** How exactly the last use is known; saves a write per request. */
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

    private static final int TOKEN_BYTES = 32;

    private final DirectoryTransactions transactions;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final IdentityProperties properties;

    Sessions(DirectoryTransactions transactions, JdbcClient jdbc, InstantSource clock, IdentityProperties properties) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.properties = properties;
    }

    /** A new session under a new token; sessions that have ended are removed on the way. */
    NewSession begin(UserId user) {
        String token = Tokens.fresh(TOKEN_BYTES);
        String csrfToken = Tokens.fresh(TOKEN_BYTES);
        Instant now = clock.instant();
        Caller caller = transactions.call(() -> {
            jdbc.sql("DELETE FROM user_session WHERE created_at <= ? OR last_used_at <= ?")
                    .params(utc(oldestBegin(now)), utc(oldestUse(now)))
                    .update();
            jdbc.sql("""
                            INSERT INTO user_session (token_hash, user_id, csrf_token, created_at, last_used_at)
                            VALUES (?, ?, ?, ?, ?)
                            """)
                    .params(Tokens.hash(token), user.value(), csrfToken, utc(now), utc(now))
                    .update();
            return find(token, false).orElseThrow();
        });
        return new NewSession(token, caller);
    }

    /** @param activity whether this puts off the end of an idle session */
    Optional<Caller> find(String token, boolean activity) {
        return find(Tokens.hash(token), activity);
    }

    boolean isStanding(Caller caller) {
        return find(HexFormat.of().parseHex(caller.session()), false).isPresent();
    }

    private Optional<Caller> find(byte[] hash, boolean activity) {
        Instant now = clock.instant();
        return transactions.call(() -> {
            Optional<Stored> stored = jdbc.sql("""
                            SELECT u.user_id, u.email, s.csrf_token, s.last_used_at
                            FROM user_session s JOIN user_account u ON u.user_id = s.user_id
                            WHERE s.token_hash = ? AND s.created_at > ? AND s.last_used_at > ?
                            """)
                    .params(hash, utc(oldestBegin(now)), utc(oldestUse(now)))
                    .query((row, number) -> new Stored(
                            new UserId(row.getObject(1, UUID.class)),
                            row.getString(2),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant()))
                    .optional();
            if (activity
                    && stored.isPresent()
                    && Duration.between(stored.get().lastUsed, now).compareTo(USE_NOTED_EVERY) >= 0) {
                jdbc.sql("UPDATE user_session SET last_used_at = ? WHERE token_hash = ?")
                        .params(utc(now), hash)
                        .update();
            }
            return stored.map(session ->
                    new Caller(session.user, session.email, HexFormat.of().formatHex(hash), session.csrfToken));
        });
    }

    void end(String token) {
        transactions.run(() -> jdbc.sql("DELETE FROM user_session WHERE token_hash = ?")
                .param(Tokens.hash(token))
                .update());
    }

    private Instant oldestBegin(Instant now) {
        return now.minus(properties.sessionAbsolute());
    }

    private Instant oldestUse(Instant now) {
        return now.minus(properties.sessionIdle());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** The token goes into the cookie and nowhere else. */
    record NewSession(String token, Caller caller) {
        @Override
        public String toString() {
            return caller.toString();
        }
    }

    private record Stored(UserId user, String email, String csrfToken, Instant lastUsed) {}
}
