package io.postwatch.controller.identity;

import io.postwatch.controller.scope.DirectoryTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** People and where they are members. */
@Component
class Users {
    private final DirectoryTransactions directory;
    private final TenantTransactions tenants;
    private final JdbcClient jdbc;

    Users(DirectoryTransactions directory, TenantTransactions tenants, JdbcClient jdbc) {
        this.directory = directory;
        this.tenants = tenants;
        this.jdbc = jdbc;
    }

    Optional<Account> byEmail(String email) {
        if (!EmailAddress.isValid(email)) {
            return Optional.empty();
        }
        return directory.call(() -> jdbc.sql(
                        "SELECT user_id, email, password_hash FROM user_account WHERE email_key = ?")
                .param(new EmailAddress(email).key())
                .query((row, number) ->
                        new Account(new UserId(row.getObject(1, UUID.class)), row.getString(2), row.getString(3)))
                .optional());
    }

    Optional<String> email(UserId user) {
        return directory.call(() -> jdbc.sql("SELECT email FROM user_account WHERE user_id = ?")
                .param(user.value())
                .query((row, number) -> row.getString(1))
                .optional());
    }

    /** The oldest first; the platform, for its operators, last: nobody begins the day there. */
    List<TenantId> tenantsOf(UserId user) {
        return directory.call(() -> jdbc.sql("""
                        SELECT tenant_id FROM user_tenant WHERE user_id = ? ORDER BY tenant_id = ?, tenant_id
                        """)
                .params(user.value(), TenantId.PLATFORM.value())
                .query((row, number) -> new TenantId(row.getObject(1, UUID.class)))
                .list());
    }

    Optional<Role> role(TenantId tenant, UserId user) {
        return tenants.call(
                tenant,
                () -> jdbc.sql("SELECT role FROM member WHERE tenant_id = ? AND user_id = ?")
                        .params(tenant.value(), user.value())
                        .query((row, number) -> Role.valueOf(row.getString(1)))
                        .optional());
    }

    record Account(UserId id, String email, String passwordHash) {
        @Override
        public String toString() {
            return email;
        }
    }
}
