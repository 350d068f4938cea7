package io.postwatch.controller.scope;

import jakarta.persistence.PersistenceException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work in a transaction of a scope. Work of the same scope inside joins it; work of another scope inside is a
 * mistake and refused. What runs after the commit, still on the same thread, gets a transaction of its own.
 */
final class Transactions {
    private static final ScopedValue<Running> RUNNING = ScopedValue.newInstance();

    private final TransactionTemplate template;

    Transactions(PlatformTransactionManager manager) {
        template = new TransactionTemplate(
                manager, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    }

    <T extends @Nullable Object> T call(Scope scope, Runnable begin, Supplier<T> work) {
        Running outer = RUNNING.isBound() ? RUNNING.get() : null;
        if (outer != null && outer.working) {
            if (!outer.scope.equals(scope)) {
                throw new IllegalStateException("A transaction of " + outer.scope + " runs; one of " + scope
                        + " can't begin inside, end the first one before");
            }
            return work.get();
        }
        Running running = new Running(scope);
        return ScopedValue.where(RUNNING, running).call(() -> inside(running, begin, work));
    }

    private <T extends @Nullable Object> T inside(Running running, Runnable begin, Supplier<T> work) {
        try {
            return template.execute(status -> {
                try {
                    begin.run();
                    return work.get();
                } catch (PersistenceException unconverted) {
                    // Hibernate asks for the connection with the first statement, and nobody turns its words into
                    // Spring's: without this, a database that is away would look like a mistake of ours.
                    DataAccessException converted =
                            EntityManagerFactoryUtils.convertJpaAccessExceptionIfPossible(unconverted);
                    throw running.failed(converted == null ? unconverted : converted);
                } catch (RuntimeException failure) {
                    throw running.failed(failure);
                } finally {
                    running.working = false;
                }
            });
        } catch (RuntimeException thrown) {
            // Where the connection broke there is nothing to roll back on; only the first failure tells of that.
            RuntimeException first = running.failure;
            if (first == null || first.equals(thrown)) {
                throw thrown;
            }
            first.addSuppressed(thrown);
            throw first;
        }
    }

    /** The scope that asks for a connection. */
    static Scope opening() {
        if (!RUNNING.isBound() || !RUNNING.get().working) {
            throw new IllegalStateException("No statement runs outside a transaction: use TenantTransactions,"
                    + " DirectoryTransactions or SystemTransactions");
        }
        return RUNNING.get().scope;
    }

    /** Touched by the thread of its transaction only. */
    private static final class Running {
        private final Scope scope;
        private boolean working = true;
        private @Nullable RuntimeException failure;

        Running(Scope scope) {
            this.scope = scope;
        }

        /** What ends the work. */
        RuntimeException failed(RuntimeException why) {
            failure = why;
            return why;
        }
    }
}
