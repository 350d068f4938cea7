package io.postwatch.controller.scope;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLTransientConnectionException;
import org.hibernate.exception.JDBCConnectionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.SimpleTransactionStatus;

class TransactionsTest {

    /** Hibernate asks for the connection with the first statement, and says in its own words that there is none. */
    @Test
    void aConnectionThatIsNotToBeHadIsToldAsAFailureOfTheDatabase() {
        SystemTransactions transactions = new SystemTransactions(new Transactions(new NoDatabase()));

        assertThatThrownBy(() -> transactions.run(() -> {
                    throw new JDBCConnectionException("no connection", new SQLTransientConnectionException(), "");
                }))
                .isInstanceOf(DataAccessException.class)
                .hasCauseInstanceOf(JDBCConnectionException.class);
    }

    /** Begins and ends transactions of nothing. */
    private static final class NoDatabase implements PlatformTransactionManager {
        @Override
        public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
            // Nothing was written.
        }

        @Override
        public void rollback(TransactionStatus status) {
            // Nothing was written.
        }
    }
}
