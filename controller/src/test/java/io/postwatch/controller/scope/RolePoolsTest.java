package io.postwatch.controller.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.database.DatabaseAccess;
import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.database.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A server that doesn't answer is not waited for without end. */
class RolePoolsTest {
    private final DatabaseAccess access = TestDatabase.create().access();

    @Test
    void aConnectionWaitsAMinuteForAnAnswer() {
        assertThat(answerTimeout(access)).isEqualTo(60_000);
    }

    @Test
    void theUrlMaySayOtherwise() {
        DatabaseAccess patient = new DatabaseAccess(patient(access.app()), patient(access.system()), access.poolSize());

        assertThat(answerTimeout(patient)).isEqualTo(7_000);
    }

    private static Integer answerTimeout(DatabaseAccess access) {
        try (RolePools pools = new RolePools(access)) {
            ScopedDataSource source = pools.scoped();
            return new SystemTransactions(new Transactions(new DataSourceTransactionManager(source)))
                    .call(() -> new JdbcTemplate(source)
                            .execute((ConnectionCallback<Integer>) Connection::getNetworkTimeout));
        }
    }

    private static DatabaseLogin patient(DatabaseLogin login) {
        return new DatabaseLogin(login.url() + "?socketTimeout=7", login.username(), login.password());
    }
}
