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
    private final TenantBinding binding;

    TenantTransactions(Transactions transactions, TenantBinding binding) {
        this.transactions = transactions;
        this.binding = binding;
    }

    public <T extends @Nullable Object> T call(TenantId tenant, Supplier<T> work) {
        return transactions.call(new Scope.OfTenant(tenant), () -> binding.bind(tenant), work);
    }

    public void run(TenantId tenant, Runnable work) {
        call(tenant, () -> {
            work.run();
            return true;
        });
    }
}
