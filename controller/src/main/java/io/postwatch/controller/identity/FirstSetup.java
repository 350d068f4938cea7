package io.postwatch.controller.identity;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.home.StartupRefused;
import io.postwatch.controller.scope.DirectoryTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.tenancy.Tenants;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes the first tenant and its owner, who is the first operator of the platform, too: once, by whoever holds the
 * one-time token or by configuration.
 */
@Component
class FirstSetup {
    static final ProblemCode DONE = new ProblemCode("already-set-up", 409, "The first owner has been made");
    static final ProblemCode TOKEN_REFUSED =
            new ProblemCode("setup-token-refused", 403, "The set-up token is not valid");
    private static final int TOKEN_BYTES = 18;
    /** Tokens of earlier starts that nobody used. */
    private static final Duration TOKEN_KEPT = Duration.ofDays(1);

    private final DirectoryTransactions directory;
    private final JdbcClient jdbc;
    private final Tenants tenants;
    private final PasswordHashes hashes;
    private final PasswordRules rules;
    private final Operators operators;
    private final Audit audit;
    private final IdSource ids;
    private final InstantSource clock;

    FirstSetup(
            DirectoryTransactions directory,
            JdbcClient jdbc,
            Tenants tenants,
            PasswordHashes hashes,
            PasswordRules rules,
            Operators operators,
            Audit audit,
            IdSource ids,
            InstantSource clock) {
        this.directory = directory;
        this.jdbc = jdbc;
        this.tenants = tenants;
        this.hashes = hashes;
        this.rules = rules;
        this.operators = operators;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    boolean isNeeded() {
        return directory.call(() -> jdbc.sql("SELECT set_up_at IS NULL FROM platform")
                .query(Boolean.class)
                .optional()
                .orElse(true));
    }

    /** A token for this start of the controller. Those that other controllers gave out stay valid for a day. */
    String offerToken(Optional<String> configured) {
        String token = configured.orElseGet(() -> Tokens.fresh(TOKEN_BYTES));
        OffsetDateTime now = now();
        directory.run(() -> {
            jdbc.sql("DELETE FROM setup_token WHERE created_at < ?")
                    .param(now.minus(TOKEN_KEPT))
                    .update();
            jdbc.sql(
                            "INSERT INTO setup_token (token_hash, created_at) VALUES (?, ?) ON CONFLICT (token_hash) DO NOTHING")
                    .params(Tokens.hash(token), now)
                    .update();
        });
        return token;
    }

    UserId withToken(String token, NewOwner owner, String address) {
        return make(owner, new ByToken(token, address));
    }

    /** At the first start, from the configuration. */
    void withoutToken(NewOwner owner) {
        try {
            make(owner, null);
        } catch (ProblemException e) {
            if (e.code().equals(DONE)) {
                // Another controller's first start was faster.
                return;
            }
            throw new StartupRefused(
                    "The owner from the configuration is refused: " + e.getMessage(),
                    "Correct POSTWATCH_OWNER_EMAIL, POSTWATCH_OWNER_PASSWORD and POSTWATCH_OWNER_TENANT.",
                    e);
        }
    }

    /** Who asks for it over the network. */
    private record ByToken(String token, String address) {
        /** Without the token. */
        @Override
        public String toString() {
            return address;
        }
    }

    private UserId make(NewOwner owner, @Nullable ByToken asked) {
        String token = asked == null ? null : asked.token;
        if (token != null && !directory.call(() -> isValid(token))) {
            throw isNeeded() ? tokenRefused() : done();
        }
        EmailAddress email = check(owner);
        String tenantName = tenantName(owner, email);
        String passwordHash = hashes.hash(owner.password());
        UserId user = new UserId(ids.next());
        TenantId tenant = new TenantId(ids.next());
        OffsetDateTime now = now();
        Actor actor = asked == null ? Actor.controller("configuration") : Actor.user(user, email.text());
        directory.run(() -> {
            claim(token, now);
            jdbc.sql("""
                            INSERT INTO user_account (user_id, email, email_key, password_hash, created_at)
                            VALUES (?, ?, ?, ?, ?)
                            """)
                    .params(user.value(), email.text(), email.key(), passwordHash, now)
                    .update();
            jdbc.sql("INSERT INTO user_tenant (user_id, tenant_id) VALUES (?, ?)")
                    .params(user.value(), tenant.value())
                    .update();
            directory.runIn(tenant, () -> {
                tenants.insert(tenant, tenantName);
                jdbc.sql("INSERT INTO member (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)")
                        .params(tenant.value(), user.value(), Role.OWNER.name(), now)
                        .update();
                record(
                        asked,
                        AuditEntry.by(actor, tenant, Act.TENANT_SET_UP, tenant.value(), tenantName)
                                .with("owner", email.text()));
            });
            directory.runIn(TenantId.PLATFORM, () -> {
                operators.add(user);
                record(asked, Operators.appointed(actor, user, email.text()));
            });
        });
        return user;
    }

    private void record(@Nullable ByToken asked, AuditEntry entry) {
        audit.record(asked == null ? entry : entry.from(asked.address));
    }

    /** The one row of the platform is the lock: of two set-ups at once the second finds it done. */
    private void claim(@Nullable String token, OffsetDateTime now) {
        int claimed = jdbc.sql("UPDATE platform SET set_up_at = ? WHERE set_up_at IS NULL")
                .param(now)
                .update();
        if (claimed == 0) {
            throw done();
        }
        if (token != null && !isValid(token)) {
            throw tokenRefused();
        }
        jdbc.sql("DELETE FROM setup_token").update();
    }

    /** Inside a transaction of whatever scope. */
    private boolean isValid(String token) {
        return jdbc.sql("SELECT 1 FROM setup_token WHERE token_hash = ?")
                .param(Tokens.hash(token))
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    private EmailAddress check(NewOwner owner) {
        List<FieldError> errors = new ArrayList<>();
        if (!EmailAddress.isValid(owner.email())) {
            errors.add(new FieldError("email", "invalid", "Enter an e-mail address"));
        } else {
            rules.refusal(owner.password(), new EmailAddress(owner.email()))
                    .ifPresent(why -> errors.add(new FieldError("password", "weak-password", why)));
        }
        String name = owner.tenantName();
        if (name != null && name.strip().length() > Tenants.MAX_NAME) {
            errors.add(new FieldError(
                    "tenantName", "too-long", "The name has at most " + Tenants.MAX_NAME + " characters"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
        return new EmailAddress(owner.email());
    }

    private static String tenantName(NewOwner owner, EmailAddress email) {
        String name = owner.tenantName();
        String domain = email.domain();
        return name == null || name.isBlank()
                ? domain.substring(0, Math.min(domain.length(), Tenants.MAX_NAME))
                : name.strip();
    }

    private static ProblemException done() {
        return ProblemException.of(DONE, "Sign in instead.");
    }

    private static ProblemException tokenRefused() {
        return ProblemException.of(TOKEN_REFUSED, "The controller's log shows the valid one at each start.");
    }

    private OffsetDateTime now() {
        Instant instant = clock.instant();
        return instant.atOffset(ZoneOffset.UTC);
    }
}
