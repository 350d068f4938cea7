package io.postwatch.controller.web.problem;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.zaxxer.hikari.HikariDataSource;
import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.database.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A request that the database is missing for is to be repeated, and is no fault of this program. */
class UnavailableDatabaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"/transaction", "/query", "/killed"})
    void theCallerIsToldToComeAgain(String path) throws Exception {
        try (HikariDataSource nobody = poolOfNobody()) {
            MockMvcBuilders.standaloneSetup(new Asking(nobody))
                    .setControllerAdvice(new ProblemHandler())
                    .build()
                    .perform(get(path))
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().string("Retry-After", "5"))
                    .andExpect(jsonPath("$.code").value("unavailable"))
                    .andExpect(jsonPath("$.detail").value("The database doesn't answer. Try again in a moment."));
        }
    }

    @Test
    void whoWaitsForALockTooLongIsToldSo() throws Exception {
        try (HikariDataSource nobody = poolOfNobody()) {
            MockMvcBuilders.standaloneSetup(new Asking(nobody))
                    .setControllerAdvice(new ProblemHandler())
                    .build()
                    .perform(get("/locked"))
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().string("Retry-After", "5"))
                    .andExpect(jsonPath("$.code").value("unavailable"))
                    .andExpect(jsonPath("$.detail")
                            .value("Something else is changing the same at the moment. Try again in a moment."));
        }
    }

    private static HikariDataSource poolOfNobody() throws IOException {
        HikariDataSource pool = new HikariDataSource();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + free.getLocalPort() + "/gone");
        }
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(250);
        return pool;
    }

    @RestController
    static class Asking {
        private final DataSource nobody;

        Asking(DataSource nobody) {
            this.nobody = nobody;
        }

        @GetMapping("/transaction")
        String inTransaction() {
            return String.valueOf(new TransactionTemplate(new DataSourceTransactionManager(nobody))
                    .<String>execute(status -> "never"));
        }

        @GetMapping("/query")
        String query() {
            return one(nobody, "SELECT 1");
        }

        /** As when an administrator stops the server under a statement. */
        @GetMapping("/killed")
        String killed() {
            DatabaseLogin login = TestDatabase.create().owner();
            return one(
                    new DriverManagerDataSource(login.url(), login.username(), login.password()),
                    "SELECT pg_terminate_backend(pg_backend_pid())");
        }

        /** Its session waits for a tenth of a second only. */
        @GetMapping("/locked")
        String locked() throws SQLException {
            DatabaseLogin login = TestDatabase.create().owner();
            try (Connection holder = DriverManager.getConnection(login.url(), login.username(), login.password());
                    Statement lock = holder.createStatement()) {
                holder.setAutoCommit(false);
                lock.execute("LOCK TABLE postwatch.platform");
                return one(
                        new DriverManagerDataSource(
                                login.url() + "?options=-c%20lock_timeout=100", login.username(), login.password()),
                        "SELECT count(*) FROM postwatch.platform");
            }
        }

        private static String one(DataSource source, String sql) {
            return String.valueOf(JdbcClient.create(source).sql(sql).query().singleValue());
        }
    }
}
