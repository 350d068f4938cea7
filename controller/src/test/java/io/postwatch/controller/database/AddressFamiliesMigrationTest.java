package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database that was used by a release without them gets monitors that check both address families. */
class AddressFamiliesMigrationTest {
    private static final String TENANT = "'00000000-0000-7000-8000-000000000001'";
    private static final String TEST = "'00000000-0000-7000-8000-000000000002'";
    private static final String PARIS = "'00000000-0000-7000-8000-000000000003'";
    private static final String ROME = "'00000000-0000-7000-8000-000000000004'";
    private static final String MONITOR = "'00000000-0000-7000-8000-000000000005'";
    private static final String COMPONENT = "'00000000-0000-7000-8000-000000000006'";

    private TestDatabase database = TestDatabase.createEmpty();
    private JdbcClient jdbc = client(database);

    @BeforeEach
    void useItAsTheReleaseBefore() {
        database = TestDatabase.createEmpty();
        jdbc = client(database);
        DatabaseLogin owner = database.owner();
        Flyway.configure()
                .dataSource(owner.url(), owner.username(), owner.password())
                .defaultSchema(DatabaseAccess.SCHEMA)
                .locations("classpath:db/migration")
                .placeholders(Map.of("app", "postwatch_app", "system", "postwatch_system"))
                .target("6")
                .load()
                .migrate();
        run("INSERT INTO tenant (tenant_id, name, created_at) VALUES (%s, 'Acme', now())".formatted(TENANT));
        run("""
                INSERT INTO component (tenant_id, component_id, name, description, revision, created_at, updated_at)
                VALUES (%s, %s, 'Mail', '', 1, now(), now())
                """.formatted(TENANT, COMPONENT));
        run("""
                INSERT INTO monitor (tenant_id, monitor_id, component_id, name, type, host, port, security, address_family,
                    allow_plaintext, period_seconds, timeout_seconds, certificate_warning_days, certificate_error_days,
                    certificate_report_only, all_public, tags, paused, revision, created_at, updated_at)
                VALUES (%s, %s, %s, 'm', 'IMAP', 'mail.example.org', 993, 'TLS', 'IPV6', false, 60, 30, 21, 7, false, true,
                    '{}', false, 1, now(), now())
                """.formatted(TENANT, MONITOR, COMPONENT));
        run("INSERT INTO monitor_test (tenant_id, test_id, created_at, expires_at) VALUES (%s, %s, now(), now())"
                .formatted(TENANT, TEST));
        insertOutcomeAsBefore(PARIS);
        TestDatabase.prepare(owner);
    }

    @Test
    void whatThereWasStays() {
        assertThat(jdbc.sql("SELECT address_family FROM postwatch.monitor")
                        .query(String.class)
                        .list())
                .containsExactly("IPV6");
        assertThat(jdbc.sql("SELECT target || ' ' || (order_id IS NULL) FROM postwatch.monitor_test_outcome")
                        .query(String.class)
                        .list())
                .containsExactly("any true");
    }

    @Test
    void theReleaseBeforeStillWritesItsOutcomesOncePerLocation() {
        insertOutcomeAsBefore(ROME);

        assertThatThrownBy(() -> insertOutcomeAsBefore(ROME)).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aMonitorMayCheckBothAndATestHaveAnOutcomeForEach() {
        run("UPDATE monitor SET address_family = 'BOTH'");
        for (String target : new String[] {"ipv4", "ipv6"}) {
            run("""
                    INSERT INTO monitor_test_outcome (tenant_id, test_id, location_id, location_name, state, deadline, target)
                    VALUES (%s, %s, %s, 'Rome', 'WAITING', now(), '%s')
                    """.formatted(TENANT, TEST, ROME, target));
        }

        assertThat(jdbc.sql("SELECT count(*) FROM postwatch.monitor_test_outcome")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    private void insertOutcomeAsBefore(String location) {
        run("""
                INSERT INTO monitor_test_outcome (tenant_id, test_id, location_id, location_name, state, deadline)
                VALUES (%s, %s, %s, 'Somewhere', 'WAITING', now())
                """.formatted(TENANT, TEST, location));
    }

    private void run(String sql) {
        jdbc.sql(sql.replaceFirst("(INTO|UPDATE) ", "$1 postwatch.")).update();
    }

    private static JdbcClient client(TestDatabase database) {
        DatabaseLogin login = database.superuser();
        return JdbcClient.create(new DriverManagerDataSource(login.url(), login.username(), login.password()));
    }
}
