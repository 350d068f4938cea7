package io.postwatch.controller.scope;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over all tenants, on the tables that were granted to the system role, from its own connections. For
 * ingest, snapshots and upkeep; never for code that answers a web request.
 */
public final class SystemTransactions {
    private static final Scope SCOPE = new Scope.OfSystem();

    private final Transactions transactions;

    SystemTransactions(Transactions transactions) {
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
