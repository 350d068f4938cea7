package io.postwatch.controller.scope;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Transactions before the tenant is known: they see the directory tables that the app role may read (users, sessions,
 * tokens by their hash) and no tenant's rows.
 */
public final class DirectoryTransactions {
    private static final Scope SCOPE = new Scope.OfDirectory();

    private final Transactions transactions;

    DirectoryTransactions(Transactions transactions) {
        this.transactions = transactions;
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
}
