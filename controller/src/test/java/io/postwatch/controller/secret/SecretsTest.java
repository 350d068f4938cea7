package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@DatabaseTest
class SecretsTest {
    private static final byte[] CANARY = "canary password".getBytes(StandardCharsets.UTF_8);

    private final ScopedDatabase database;
    private final Secrets secrets;

    SecretsTest(ScopedDatabase database) {
        this.database = database;
        this.secrets = SecretWorld.secrets(database, TestKek.get());
    }

    @Test
    void aSecretOpensForItsTenantAndForTheSystem() {
        TenantId tenant = database.newTenant();
        SecretId id = store(tenant, CANARY);

        assertThat(database.tenants().call(tenant, () -> opened(tenant, id))).hasValue(CANARY);
        assertThat(database.system().call(() -> opened(tenant, id))).hasValue(CANARY);
    }

    @Test
    void anotherTenantNeitherOpensNorReplacesNorDeletesIt() {
        TenantId tenant = database.newTenant();
        TenantId other = database.newTenant();
        SecretId id = store(tenant, CANARY);

        database.tenants().run(other, () -> {
            assertThat(opened(tenant, id)).isEmpty();
            assertThat(opened(other, id)).isEmpty();
            secrets.delete(tenant, id);
        });
        assertThatThrownBy(() -> database.tenants().run(other, () -> secrets.replace(other, id, CANARY)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(database.tenants().call(tenant, () -> opened(tenant, id))).hasValue(CANARY);
    }

    @Test
    void theDatabaseHoldsNoPlaintext() {
        store(database.newTenant(), CANARY);

        assertThat(database.superuser()
                        .sql("SELECT string_agg(encode(ciphertext, 'hex'), ' ') FROM secret")
                        .query((row, number) -> row.getString(1))
                        .single())
                .isNotEmpty()
                .doesNotContain(HexFormat.of().formatHex(CANARY));
    }

    @Test
    void nobodySeesWhereTheSameSecretIsStoredTwice() {
        TenantId tenant = database.newTenant();
        store(tenant, CANARY);
        store(tenant, CANARY);

        assertThat(database.superuser()
                        .sql("SELECT ciphertext FROM secret WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query((row, number) -> HexFormat.of().formatHex(row.getBytes(1)))
                        .list())
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void aCiphertextThatWasMovedToAnotherSecretDoesNotOpen() {
        TenantId tenant = database.newTenant();
        SecretId first = store(tenant, CANARY);
        SecretId second = store(tenant, "another".getBytes(StandardCharsets.UTF_8));
        database.tenants()
                .run(
                        tenant,
                        () -> database.jdbc()
                                .sql("""
                        UPDATE secret SET ciphertext = (SELECT ciphertext FROM secret WHERE secret_id = ?)
                        WHERE tenant_id = ? AND secret_id = ?
                        """)
                                .params(first.value(), tenant.value(), second.value())
                                .update());

        assertThat(database.tenants().call(tenant, () -> opened(tenant, second)))
                .isEmpty();
        assertThat(database.tenants().call(tenant, () -> secrets.openAll(Map.of(first, tenant, second, tenant))))
                .as("the others are not kept back")
                .containsOnlyKeys(first);
    }

    @Test
    void aSecretIsReplacedAndForgotten() {
        TenantId tenant = database.newTenant();
        SecretId id = store(tenant, CANARY);
        byte[] next = "next".getBytes(StandardCharsets.UTF_8);

        database.tenants().run(tenant, () -> secrets.replace(tenant, id, next));
        assertThat(database.tenants().call(tenant, () -> opened(tenant, id))).hasValue(next);
        database.tenants().run(tenant, () -> secrets.delete(tenant, id));
        assertThat(database.tenants().call(tenant, () -> opened(tenant, id))).isEmpty();
    }

    @Test
    void thePlatformHasSecretsToo() {
        SecretId id = store(TenantId.PLATFORM, CANARY);

        assertThat(database.system().call(() -> opened(TenantId.PLATFORM, id))).hasValue(CANARY);
    }

    private Optional<byte[]> opened(TenantId tenant, SecretId id) {
        return Optional.ofNullable(secrets.openAll(Map.of(id, tenant)).get(id));
    }

    private SecretId store(TenantId tenant, byte[] plaintext) {
        return database.tenants().call(tenant, () -> secrets.store(tenant, plaintext));
    }
}
