package io.postwatch.controller.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.database.DatabaseAccess;
import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;

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

    /** A lease is for 15 s and was renewed 5 s ago at most. */
    @Test
    @Timeout(60)
    void theReserveWorksAgainBeforeALeaseHasRunOutWhateverTheUrlSays() throws IOException {
        String direct = access.system().url();
        int port = URI.create(direct.substring("jdbc:".length())).getPort();
        try (StallingNetwork network = new StallingNetwork(port)) {
            String through = direct.replaceFirst("//[^/]*/", "//127.0.0.1:" + network.port() + "/");
            DatabaseLogin patient = new DatabaseLogin(
                    through + "?socketTimeout=60&loginTimeout=60",
                    access.system().username(),
                    access.system().password());
            try (RolePools pools = new RolePools(new DatabaseAccess(patient, patient, access.poolSize()))) {
                ScopedDataSource source = pools.scoped();
                ReservedTransactions reserve =
                        new ReservedTransactions(new Transactions(new DataSourceTransactionManager(source)));
                assertThat(answers(reserve, source, network, false)).isTrue();

                long began = System.nanoTime();
                boolean midway = answers(reserve, source, network, true);
                network.stall();
                boolean answered = false;
                while (!answered && since(began).compareTo(Duration.ofSeconds(30)) < 0) {
                    answered = answers(reserve, source, network, false);
                }

                assertThat(midway)
                        .as("a connection that stalls under a statement")
                        .isFalse();
                assertThat(answered).isTrue();
                assertThat(since(began)).isLessThan(Duration.ofSeconds(15));
            }
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static boolean answers(
            ReservedTransactions reserve, ScopedDataSource source, StallingNetwork network, boolean stalls) {
        try {
            return reserve.call(() -> {
                JdbcTemplate jdbc = new JdbcTemplate(source);
                jdbc.execute("SELECT 1");
                if (stalls) {
                    network.stall();
                }
                jdbc.execute("SELECT 2");
                return true;
            });
        } catch (DataAccessException | TransactionException e) {
            return false;
        }
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
