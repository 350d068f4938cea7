package io.postwatch.controller.tenancy;

import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.id.TenantId;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tenants of this installation. */
@Component
public class Tenants {
    public static final int MAX_NAME = 100;

    private final TenantTransactions transactions;
    private final JdbcClient jdbc;
    private final InstantSource clock;

    Tenants(TenantTransactions transactions, JdbcClient jdbc, InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    public void create(TenantId tenant, String name) {
        transactions.run(tenant, () -> insert(tenant, name));
    }

    /** As {@link #create}, as a part of a transaction that is bound to this tenant. */
    public void insert(TenantId tenant, String name) {
        jdbc.sql("INSERT INTO tenant (tenant_id, name, created_at) VALUES (?, ?, ?)")
                .params(tenant.value(), name, clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    public Optional<String> name(TenantId tenant) {
        return transactions.call(
                tenant,
                () -> jdbc.sql("SELECT name FROM tenant WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query((row, number) -> row.getString(1))
                        .optional());
    }
}
