package io.postwatch.controller.scope;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * As {@link SystemTransactions}, on a connection that nothing else uses: for the one thing that must not wait while
 * thousands of sessions want to write, this controller's sign of life. Two of these wait for each other.
 */
public final class ReservedTransactions {
    private static final Scope SCOPE = new Scope.OfReserve();

    private final Transactions transactions;

    ReservedTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    public <T extends @Nullable Object> T call(Supplier<T> work) {
        return transactions.call(SCOPE, () -> {}, work);
    }
}
