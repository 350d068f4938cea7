package io.postwatch.controller.scope;

import io.postwatch.controller.shared.id.TenantId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Transactions that see one tenant's rows and no other's, whatever the statements say. JPA repositories and the one
 * {@link JdbcClient} work inside.
 */
public final class TenantTransactions {
    private final Transactions transactions;
    private final JdbcClient jdbc;

    TenantTransactions(Transactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    public <T extends @Nullable Object> T call(TenantId tenant, Supplier<T> work) {
        return transactions.call(new Scope.OfTenant(tenant), () -> bind(tenant), work);
    }

    public void run(TenantId tenant, Runnable work) {
        call(tenant, () -> {
            work.run();
            return true;
        });
    }

    private void bind(TenantId tenant) {
        jdbc.sql("SELECT set_config('app.tenant_id', ?, true)")
                .param(tenant.toString())
                .query(String.class)
                .single();
    }
}
