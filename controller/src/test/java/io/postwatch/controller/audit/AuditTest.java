package io.postwatch.controller.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@DatabaseTest
class AuditTest {
    private static final Instant NOW = Instant.parse("2026-11-23T00:10:00.123456Z");
    private static final UUID SUBJECT = new UUID(7, 7);

    private final ScopedDatabase database;
    private final Audit audit;
    private final AuditRows rows;
    private final TenantId tenant;

    AuditTest(ScopedDatabase database) {
        this.database = database;
        InstantSource clock = InstantSource.fixed(NOW);
        audit = TestAudit.on(database.jdbc(), new IdSource(clock, new SecureRandom()), clock);
        rows = new AuditRows(database.jdbc());
        tenant = database.newTenant();
    }

    @Test
    void whatIsRecordedIsRead() {
        UserId user = new UserId(new UUID(1, 2));
        ActingMember member = new ActingMember(tenant, user, Role.ADMIN, "anna@example.org", "192.0.2.7");
        database.tenants()
                .run(
                        tenant,
                        () -> audit.record(AuditEntry.by(member, Act.AGENT_RENAMED, SUBJECT, "cellar")
                                .with("location", "Paris")
                                .with("nameBefore", "attic")));

        assertThat(read(tenant)).singleElement().satisfies(entry -> {
            assertThat(entry.at()).isEqualTo(NOW);
            assertThat(entry.actor()).isEqualTo(new AuditEntryView.ActorView("user", user.value(), "anna@example.org"));
            assertThat(entry.act()).isEqualTo("agent.renamed");
            assertThat(entry.sentence()).isEqualTo("Renamed an agent to cellar");
            assertThat(entry.subject()).isEqualTo(new AuditEntryView.SubjectView("agent", SUBJECT, "cellar"));
            assertThat(entry.details().toString()).isEqualTo("{location=Paris, nameBefore=attic}");
            assertThat(entry.address()).isEqualTo("192.0.2.7");
        });
    }

    @Test
    void theSystemRecordsForAnyTenant() {
        database.system().run(() -> {
            audit.record(entry(tenant, Act.AGENT_DELETED));
            audit.record(entry(TenantId.PLATFORM, Act.AGENT_DELETED));
        });

        assertThat(read(tenant)).hasSize(1);
        assertThat(read(TenantId.PLATFORM)).isNotEmpty();
    }

    @Test
    void anEntryGoesWithTheActThatFails() {
        assertThatThrownBy(() -> database.tenants().run(tenant, () -> {
                    audit.record(entry(tenant, Act.AGENT_DELETED));
                    throw new IllegalStateException("the act");
                }))
                .hasMessage("the act");

        assertThat(read(tenant)).isEmpty();
    }

    @Test
    void aTenantNeitherReadsNorWritesAnothersRecord() {
        TenantId other = database.newTenant();
        database.tenants().run(tenant, () -> audit.record(entry(tenant, Act.AGENT_DELETED)));

        assertThat(database.tenants()
                        .call(other, () -> rows.list(tenant, AuditFilter.of(null, null, null, null, null), null, 10)))
                .isEmpty();
        assertThatThrownBy(() -> database.tenants().run(other, () -> audit.record(entry(tenant, Act.AGENT_DELETED))))
                .hasRootCauseMessage("ERROR: new row violates row-level security policy for table \"audit_entry\"");
    }

    @Test
    void whatConcernsSeveralTenantsIsRecordedInAllOrNone() {
        TenantId other = database.newTenant();
        database.directory().run(() -> {
            database.directory().runIn(tenant, () -> audit.record(entry(tenant, Act.USER_SIGNED_IN)));
            database.directory().runIn(other, () -> audit.record(entry(other, Act.USER_SIGNED_IN)));
        });
        assertThat(read(tenant)).hasSize(1);
        assertThat(read(other)).hasSize(1);

        assertThatThrownBy(() -> database.directory().run(() -> {
                    database.directory().runIn(tenant, () -> audit.record(entry(tenant, Act.USER_SIGNED_OUT)));
                    database.directory().runIn(other, () -> audit.record(entry(tenant, Act.USER_SIGNED_OUT)));
                }))
                .hasStackTraceContaining("row-level security");
        assertThat(read(tenant)).hasSize(1);
    }

    @Test
    void betweenTenantsADirectoryTransactionSeesNone() {
        database.tenants().run(tenant, () -> audit.record(entry(tenant, Act.USER_SIGNED_IN)));

        long seen = database.directory().call(() -> {
            database.directory().runIn(tenant, () -> assertThat(count()).isEqualTo(1));
            return count();
        });

        assertThat(seen).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UPDATE audit_entry SET act = 'agent.deleted'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"
            })
    void nobodyChangesOrDeletesAnEntry(String statement) {
        database.tenants().run(tenant, () -> audit.record(entry(tenant, Act.AGENT_REVOKED)));

        assertThatThrownBy(() -> database.tenants()
                        .run(tenant, () -> database.jdbc().sql(statement).update()))
                .hasRootCauseMessage("ERROR: permission denied for table audit_entry");
        assertThatThrownBy(() -> database.system()
                        .run(() -> database.jdbc().sql(statement).update()))
                .hasRootCauseMessage("ERROR: permission denied for table audit_entry");

        assertThat(read(tenant)).singleElement().extracting(AuditEntryView::act).isEqualTo("agent.revoked");
    }

    /** As the handbook tells. */
    @Test
    void theOwnerOfTheDatabaseCanShortenOneTenantsRecord() {
        TenantId other = database.newTenant();
        database.tenants().run(tenant, () -> audit.record(entry(tenant, Act.AGENT_REVOKED)));
        database.tenants().run(other, () -> audit.record(entry(other, Act.AGENT_REVOKED)));
        DatabaseLogin login = database.database().owner();
        SingleConnectionDataSource connection =
                new SingleConnectionDataSource(login.url(), login.username(), login.password(), true);
        JdbcClient owner = JdbcClient.create(connection);

        owner.sql("SELECT set_config('app.tenant_id', ?, false)")
                .param(tenant.toString())
                .query(String.class)
                .single();
        owner.sql("DELETE FROM postwatch.audit_entry WHERE at < '2027-01-01'").update();
        connection.destroy();

        assertThat(read(tenant)).isEmpty();
        assertThat(read(other)).hasSize(1);
    }

    @Test
    void anActOfALaterReleaseIsReadableToo() {
        database.superuser().sql("""
                        INSERT INTO audit_entry (tenant_id, entry_id, at, actor_kind, actor_name, act, subject_kind,
                            subject_name, detail_names, detail_values)
                        VALUES (?, ?, '2026-11-23T00:00:00Z', 'system', 'Postwatch', 'moon.painted', 'moon', 'Io', '{}', '{}')
                        """).params(tenant.value(), new UUID(5, 5)).update();

        assertThat(read(tenant))
                .singleElement()
                .extracting(AuditEntryView::sentence)
                .isEqualTo("moon.painted Io");
    }

    private long count() {
        return database.jdbc()
                .sql("SELECT count(*) FROM audit_entry")
                .query(Long.class)
                .single();
    }

    private static AuditEntry entry(TenantId tenant, Act act) {
        return AuditEntry.by(Actor.SYSTEM, tenant, act, SUBJECT, "thing");
    }

    private List<AuditEntryView> read(TenantId from) {
        return database.tenants()
                .call(from, () -> rows.list(from, AuditFilter.of(null, null, null, null, null), null, 10));
    }
}
