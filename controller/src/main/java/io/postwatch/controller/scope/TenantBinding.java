package io.postwatch.controller.scope;

import io.postwatch.controller.shared.id.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tells the database for which tenant the running transaction works; it forgets that at the transaction's end by itself. */
final class TenantBinding {
    private final JdbcClient jdbc;

    TenantBinding(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void bind(TenantId tenant) {
        set(tenant.toString());
    }

    /** From here on no tenant's rows are seen. */
    void release() {
        set("");
    }

    private void set(String value) {
        jdbc.sql("SELECT set_config('app.tenant_id', ?, true)")
                .param(value)
                .query(String.class)
                .single();
    }
}
