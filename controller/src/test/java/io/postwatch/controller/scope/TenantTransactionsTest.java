package io.postwatch.controller.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.shared.id.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@DatabaseTest
class TenantTransactionsTest {
    private final ScopedDatabase database;

    TenantTransactionsTest(ScopedDatabase database) {
        this.database = database;
    }

    @Test
    void aTenantSeesItsOwnRowsOnly() {
        TenantId ours = database.newTenant();
        TenantId theirs = database.newTenant();
        addComponent(ours, ours, "web");
        addComponent(theirs, theirs, "web");

        assertThat(componentNames(ours)).containsExactly("web");
        assertThat(database.tenants()
                        .call(
                                ours,
                                () -> database.jdbc()
                                        .sql("DELETE FROM component")
                                        .update()))
                .isEqualTo(1);
        assertThat(componentNames(theirs)).containsExactly("web");
    }

    @Test
    void aTenantCannotWriteAnothersRow() {
        TenantId ours = database.newTenant();
        TenantId theirs = database.newTenant();

        assertThatThrownBy(() -> addComponent(ours, theirs, "planted"))
                .isInstanceOf(DataAccessException.class)
                .hasRootCauseMessage("ERROR: new row violates row-level security policy for table \"component\"");
    }

    @Test
    void withoutATenantNoTenantsRowIsSeen() {
        addComponent(database.newTenant(), null, "hidden");

        assertThat(database.directory()
                        .call(() -> database.jdbc()
                                .sql("SELECT count(*) FROM component")
                                .query(Long.class)
                                .single()))
                .isZero();
    }

    @Test
    void theSystemSeesAllTenants() {
        TenantId tenant = database.newTenant();
        addComponent(tenant, tenant, "seen");

        assertThat(database.system()
                        .call(() -> database.jdbc()
                                .sql("SELECT name FROM component WHERE tenant_id = ?")
                                .param(tenant.value())
                                .query(String.class)
                                .list()))
                .containsExactly("seen");
    }

    /** What is left of the connection has nothing to roll back on, and must not speak instead of what broke it. */
    @Test
    void aConnectionThatBreaksInsideIsToldAsWhatBrokeIt() {
        assertThatThrownBy(() -> database.system()
                        .call(() -> database.jdbc()
                                .sql("SELECT pg_terminate_backend(pg_backend_pid())")
                                .query(Boolean.class)
                                .single()))
                .isInstanceOf(DataAccessException.class)
                .satisfies(broken ->
                        assertThat(SqlStates.tellsOfNoConnection(broken)).isTrue());
    }

    @Test
    void noStatementRunsOutsideATransaction() {
        assertThatThrownBy(() ->
                        database.jdbc().sql("SELECT 1").query(Integer.class).single())
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("outside a transaction");
    }

    @Test
    void workOfTheSameTenantJoins() {
        TenantId tenant = database.newTenant();

        assertThatThrownBy(() -> database.tenants().run(tenant, () -> {
                    addComponent(tenant, tenant, "first");
                    throw new IllegalArgumentException("after the inner work");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(componentNames(tenant)).isEmpty();
    }

    /** Each thread gets a connection of its own, and its first transaction is rolled back. */
    @Test
    void aConnectionFindsTheTablesAfterARollback() throws Exception {
        TenantId tenant = database.newTenant();
        CyclicBarrier together = new CyclicBarrier(4);
        Callable<List<String>> task = () -> {
            assertThatThrownBy(() -> database.tenants().run(tenant, () -> {
                        await(together);
                        throw new IllegalArgumentException("rolled back");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            return database.tenants().call(tenant, () -> {
                await(together);
                return database.jdbc()
                        .sql("SELECT name FROM component")
                        .query((row, number) -> row.getString(1))
                        .list();
            });
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<String>> names : threads.invokeAll(Collections.nCopies(4, task))) {
                assertThat(names.get()).isEmpty();
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherScopeInsideIsRefused() {
        TenantId tenant = database.newTenant();

        assertThatThrownBy(() ->
                        database.tenants().run(tenant, () -> database.system().run(() -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can't begin inside");
    }

    @Test
    void whatRunsAfterTheCommitHasATransactionOfItsOwn() {
        TenantId tenant = database.newTenant();
        List<String> seenAfterCommit = new ArrayList<>();
        database.tenants().run(tenant, () -> {
            addComponent(tenant, tenant, "committed");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    seenAfterCommit.addAll(componentNames(tenant));
                    addComponent(tenant, tenant, "later");
                }
            });
        });

        assertThat(seenAfterCommit).containsExactly("committed");
        assertThat(componentNames(tenant)).containsExactly("committed", "later");
    }

    private void addComponent(TenantId acting, @org.jspecify.annotations.Nullable TenantId owner, String name) {
        database.tenants()
                .run(
                        acting,
                        () -> database.jdbc()
                                .sql("""
                        INSERT INTO component (tenant_id, component_id, name, description, revision, created_at, updated_at)
                        VALUES (?, ?, ?, '', 1, '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z')
                        """)
                                .params((owner == null ? acting : owner).value(), UUID.randomUUID(), name)
                                .update());
    }

    private List<String> componentNames(TenantId tenant) {
        return database.tenants()
                .call(
                        tenant,
                        () -> database.jdbc()
                                .sql("SELECT name FROM component ORDER BY name")
                                .query(String.class)
                                .list());
    }
}
