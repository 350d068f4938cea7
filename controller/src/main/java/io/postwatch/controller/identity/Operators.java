package io.postwatch.controller.identity;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.DirectoryTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who runs the platform: the members of the platform tenant. It is a right of a person beside whatever they are in tenants
 * of customers, and gives nothing there. Once there is one, there is always one.
 */
@Component
class Operators {
    static final ProblemCode LAST = new ProblemCode("last-operator", 409, "The platform would have no operator");
    private static final Logger LOG = LoggerFactory.getLogger(Operators.class);
    private static final TenantId PLATFORM = TenantId.PLATFORM;
    private static final String BEFORE_ALL = "";

    private final DirectoryTransactions directory;
    private final TenantTransactions tenants;
    private final JdbcClient jdbc;
    private final Users users;
    private final Audit audit;
    private final InstantSource clock;

    Operators(
            DirectoryTransactions directory,
            TenantTransactions tenants,
            JdbcClient jdbc,
            Users users,
            Audit audit,
            InstantSource clock) {
        this.directory = directory;
        this.tenants = tenants;
        this.jdbc = jdbc;
        this.users = users;
        this.audit = audit;
        this.clock = clock;
    }

    /** Somebody who runs the platform, and since when. */
    record Operator(UserId user, String email, OffsetDateTime since) {
        /** Where they stand in the list. */
        String key() {
            return new EmailAddress(email).key();
        }
    }

    /** By e-mail address; those behind {@code after}. */
    List<Operator> list(@Nullable String after, int limit) {
        return tenants.call(
                PLATFORM,
                () -> jdbc.sql("""
                        SELECT m.user_id, u.email, m.created_at
                        FROM member m JOIN user_account u ON u.user_id = m.user_id
                        WHERE m.tenant_id = ? AND u.email_key > ? ORDER BY u.email_key LIMIT ?
                        """)
                        .params(PLATFORM.value(), after == null ? BEFORE_ALL : after, limit)
                        .query(Operators::operator)
                        .list());
    }

    /** Of somebody who has an account. Who is one already stays one. */
    Operator appoint(ActingMember by, String email) {
        Users.Account account = users.byEmail(email)
                .orElseThrow(() -> ProblemException.invalidField(
                        "email", "unknown", "Nobody with this e-mail address has an account here"));
        return tenants.call(PLATFORM, () -> {
            if (add(account.id())) {
                audit.record(
                        AuditEntry.by(by, Act.OPERATOR_APPOINTED, account.id().value(), account.email()));
            }
            return find(account.id()).orElseThrow();
        });
    }

    /** Of two who dismiss each other at once the second is refused: both wait for the same rows. */
    void dismiss(ActingMember by, UserId user) {
        tenants.run(PLATFORM, () -> {
            List<UserId> all = jdbc.sql("SELECT user_id FROM member WHERE tenant_id = ? ORDER BY user_id FOR UPDATE")
                    .param(PLATFORM.value())
                    .query((row, number) -> new UserId(row.getObject(1, UUID.class)))
                    .list();
            Operator operator = find(user).filter(known -> all.contains(user)).orElseThrow(ProblemException::notFound);
            if (all.size() == 1) {
                throw ProblemException.of(
                        LAST, operator.email() + " is the only operator. Make somebody else one first.");
            }
            jdbc.sql("DELETE FROM member WHERE tenant_id = ? AND user_id = ?")
                    .params(PLATFORM.value(), user.value())
                    .update();
            jdbc.sql("DELETE FROM user_tenant WHERE user_id = ? AND tenant_id = ?")
                    .params(user.value(), PLATFORM.value())
                    .update();
            audit.record(AuditEntry.by(by, Act.OPERATOR_DISMISSED, user.value(), operator.email()));
        });
    }

    /**
     * Where a platform has been set up and nobody runs it, as after an update from a release that knew no operators: the
     * owners of its first tenant do. Ids of tenants grow with time.
     */
    void appointFirst() {
        directory.run(() -> {
            if (!members(PLATFORM, Role.OPERATOR).isEmpty()) {
                return;
            }
            List<Operator> owners =
                    firstTenant().map(first -> members(first, Role.OWNER)).orElse(List.of());
            if (owners.isEmpty()) {
                LOG.warn("Nobody runs this platform: its first tenant has no owner");
            }
            directory.runIn(
                    PLATFORM,
                    () -> owners.stream()
                            .filter(owner -> add(owner.user()))
                            .forEach(owner -> audit.record(
                                    appointed(Actor.controller("configuration"), owner.user(), owner.email()))));
        });
    }

    static AuditEntry appointed(Actor actor, UserId user, String email) {
        return AuditEntry.by(actor, PLATFORM, Act.OPERATOR_APPOINTED, user.value(), email);
    }

    /** Part of a transaction that is bound to the platform. False where the user is one already. */
    boolean add(UserId user) {
        int added = jdbc.sql("""
                        INSERT INTO member (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)
                        ON CONFLICT (tenant_id, user_id) DO NOTHING
                        """)
                .params(
                        PLATFORM.value(),
                        user.value(),
                        Role.OPERATOR.name(),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(
                        "INSERT INTO user_tenant (user_id, tenant_id) VALUES (?, ?) ON CONFLICT (user_id, tenant_id) DO NOTHING")
                .params(user.value(), PLATFORM.value())
                .update();
        return added == 1;
    }

    private Optional<Operator> find(UserId user) {
        return jdbc.sql("""
                        SELECT m.user_id, u.email, m.created_at
                        FROM member m JOIN user_account u ON u.user_id = m.user_id
                        WHERE m.tenant_id = ? AND m.user_id = ?
                        """)
                .params(PLATFORM.value(), user.value())
                .query(Operators::operator)
                .optional();
    }

    private Optional<TenantId> firstTenant() {
        return jdbc.sql("SELECT tenant_id FROM user_tenant WHERE tenant_id <> ? ORDER BY tenant_id LIMIT 1")
                .param(PLATFORM.value())
                .query((row, number) -> new TenantId(row.getObject(1, UUID.class)))
                .optional();
    }

    /** A part of a directory transaction. */
    private List<Operator> members(TenantId tenant, Role role) {
        List<Operator> found = new ArrayList<>();
        directory.runIn(
                tenant,
                () -> found.addAll(jdbc.sql("""
                        SELECT m.user_id, u.email, m.created_at
                        FROM member m JOIN user_account u ON u.user_id = m.user_id
                        WHERE m.tenant_id = ? AND m.role = ? ORDER BY m.user_id
                        """)
                        .params(tenant.value(), role.name())
                        .query(Operators::operator)
                        .list()));
        return found;
    }

    private static Operator operator(ResultSet row, int number) throws SQLException {
        return new Operator(
                new UserId(row.getObject("user_id", UUID.class)),
                row.getString("email"),
                row.getObject("created_at", OffsetDateTime.class));
    }
}
