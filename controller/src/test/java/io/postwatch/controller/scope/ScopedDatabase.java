package io.postwatch.controller.scope;

import io.postwatch.controller.database.TestDatabase;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A test class's own database with everything scope gives, wired as in production but without JPA. */
public final class ScopedDatabase implements AutoCloseable {
    private final TestDatabase database;
    private final RolePools pools;
    private final JdbcClient jdbc;
    private final TenantTransactions tenants;
    private final DirectoryTransactions directory;
    private final SystemTransactions system;
    private final ReservedTransactions reserved;

    ScopedDatabase(TestDatabase database) {
        this.database = database;
        this.pools = new RolePools(database.access());
        ScopedDataSource dataSource = pools.scoped();
        this.jdbc = JdbcClient.create(dataSource);
        Transactions transactions = new Transactions(new DataSourceTransactionManager(dataSource));
        TenantBinding binding = new TenantBinding(jdbc);
        this.tenants = new TenantTransactions(transactions, binding);
        this.directory = new DirectoryTransactions(transactions, binding);
        this.system = new SystemTransactions(transactions);
        this.reserved = new ReservedTransactions(transactions);
    }

    /** Works inside the transactions below only. */
    public JdbcClient jdbc() {
        return jdbc;
    }

    public TenantTransactions tenants() {
        return tenants;
    }

    public DirectoryTransactions directory() {
        return directory;
    }

    public SystemTransactions system() {
        return system;
    }

    public ReservedTransactions reserved() {
        return reserved;
    }

    public TestDatabase database() {
        return database;
    }

    /** Sees all rows and needs no transaction: for asserting, never for what is tested. */
    public JdbcClient superuser() {
        var login = database.superuser();
        DriverManagerDataSource source = new DriverManagerDataSource(
                login.url() + "?currentSchema=postwatch", login.username(), login.password());
        return JdbcClient.create(source);
    }

    /** A new tenant with nothing in it. */
    public TenantId newTenant() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        tenants.run(
                tenant,
                () -> jdbc.sql("INSERT INTO tenant (tenant_id, name, created_at) VALUES (?, ?, ?)")
                        .params(tenant.value(), "Tenant " + tenant, Timestamp.from(Instant.EPOCH))
                        .update());
        return tenant;
    }

    @Override
    public void close() {
        pools.close();
    }
}
