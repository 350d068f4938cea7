package io.postwatch.controller.scope;

import io.postwatch.controller.shared.id.TenantId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Transactions before the tenant is known: they see the directory tables that the app role may read (users, sessions,
 * tokens by their hash) and no tenant's rows.
 */
public final class DirectoryTransactions {
    private static final Scope SCOPE = new Scope.OfDirectory();

    private final Transactions transactions;
    private final TenantBinding binding;

    DirectoryTransactions(Transactions transactions, TenantBinding binding) {
        this.transactions = transactions;
        this.binding = binding;
    }

    public <T extends @Nullable Object> T call(Supplier<T> work) {
        return transactions.call(SCOPE, () -> {}, work);
    }

    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Work in a tenant as a part of the transaction: for what concerns a person in each of the tenants they are a member
     * of, all of it or nothing. Where it fails so does the whole transaction.
     */
    public void runIn(TenantId tenant, Runnable work) {
        run(() -> {
            binding.bind(tenant);
            work.run();
            binding.release();
        });
    }
}
