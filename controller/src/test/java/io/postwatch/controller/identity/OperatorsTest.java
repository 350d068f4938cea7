package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.identity.Operators.Operator;
import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Who runs the platform, with nobody else's operators about. */
@DatabaseTest
class OperatorsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T02:00:00Z"));

    private final ScopedDatabase database;
    private final Operators operators;

    OperatorsTest(ScopedDatabase database) {
        this.database = database;
        Users users = new Users(database.directory(), database.tenants(), database.jdbc());
        operators = new Operators(
                database.directory(),
                database.tenants(),
                database.jdbc(),
                users,
                TestAudit.on(database.jdbc(), new IdSource(CLOCK, new SecureRandom()), CLOCK),
                CLOCK);
    }

    @AfterEach
    void forgetAll() {
        database.superuser()
                .sql("DELETE FROM member; DELETE FROM user_tenant; DELETE FROM user_account; DELETE FROM audit_entry")
                .update();
    }

    @Test
    void afterAnUpdateTheOwnersOfTheFirstTenantRunThePlatform() {
        TenantId first = tenant(1);
        TenantId second = tenant(2);
        member(second, Role.OWNER, "late@example.org");
        member(first, Role.OWNER, "Anna@example.org");
        member(first, Role.OWNER, "bert@example.org");
        member(first, Role.ADMIN, "carl@example.org");

        operators.appointFirst();
        operators.appointFirst();

        assertThat(emails()).containsExactly("Anna@example.org", "bert@example.org");
        assertThat(database.superuser()
                        .sql("SELECT act || ' ' || subject_name || ' by ' || actor_kind FROM audit_entry"
                                + " WHERE tenant_id = ? ORDER BY subject_name")
                        .param(TenantId.PLATFORM.value())
                        .query(String.class)
                        .list())
                .containsExactly(
                        "operator.appointed Anna@example.org by controller",
                        "operator.appointed bert@example.org by controller");
    }

    @Test
    void whereSomebodyRunsItTheStartChangesNothing() {
        member(tenant(1), Role.OWNER, "owner@example.org");
        member(TenantId.PLATFORM, Role.OPERATOR, "operator@example.org");

        operators.appointFirst();

        assertThat(emails()).containsExactly("operator@example.org");
    }

    @Test
    void aPlatformThatNobodyHasSetUpGetsNoOperator() {
        operators.appointFirst();

        assertThat(emails()).isEmpty();
    }

    @Test
    void theLastOneStays() {
        UserId only = member(TenantId.PLATFORM, Role.OPERATOR, "only@example.org");

        assertThatThrownBy(() -> operators.dismiss(acting(only), only))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo(Operators.LAST))
                .hasMessageContaining("only@example.org is the only operator");
        assertThat(emails()).containsExactly("only@example.org");
    }

    @Test
    void whoIsDismissedIsNothingOnThePlatformAnyMore() {
        UserId stays = member(TenantId.PLATFORM, Role.OPERATOR, "stays@example.org");
        UserId goes = member(TenantId.PLATFORM, Role.OPERATOR, "goes@example.org");

        operators.dismiss(acting(stays), goes);

        assertThat(emails()).containsExactly("stays@example.org");
        assertThat(count("SELECT count(*) FROM user_tenant WHERE user_id = ?", goes))
                .isZero();
        assertThat(count("SELECT count(*) FROM user_account WHERE user_id = ?", goes))
                .isOne();
        assertThatThrownBy(() -> operators.dismiss(acting(stays), goes))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.NOT_FOUND));
    }

    @Test
    void twoWhoDismissEachOtherLeaveOne() throws Exception {
        UserId one = member(TenantId.PLATFORM, Role.OPERATOR, "one@example.org");
        UserId two = member(TenantId.PLATFORM, Role.OPERATOR, "two@example.org");
        CyclicBarrier together = new CyclicBarrier(2);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> dismissals = threads.invokeAll(
                    List.of(dismissal(together, one, two), dismissal(together, two, one)), 30, TimeUnit.SECONDS);

            assertThat(List.of(dismissals.getFirst().get(), dismissals.getLast().get()))
                    .containsExactlyInAnyOrder(true, false);
        }
        assertThat(emails()).hasSize(1);
    }

    private Callable<Boolean> dismissal(CyclicBarrier together, UserId by, UserId of) {
        return () -> {
            together.await(10, TimeUnit.SECONDS);
            try {
                operators.dismiss(acting(by), of);
                return true;
            } catch (ProblemException refused) {
                assertThat(refused.code()).isEqualTo(Operators.LAST);
                return false;
            }
        };
    }

    @Test
    void whoeverHasAnAccountIsAppointedOnce() {
        UserId by = member(TenantId.PLATFORM, Role.OPERATOR, "by@example.org");
        UserId user = member(tenant(1), Role.VIEWER, "new@example.org");

        Operator made = operators.appoint(acting(by), "NEW@example.org");

        assertThat(made.user()).isEqualTo(user);
        assertThat(operators.appoint(acting(by), "new@example.org")).isEqualTo(made);
        assertThat(emails()).containsExactly("by@example.org", "new@example.org");
        assertThat(count("SELECT count(*) FROM audit_entry WHERE subject_id = ?", user))
                .isOne();
        assertThatThrownBy(() -> operators.appoint(acting(by), "nobody@example.org"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("has an account here");
    }

    @Test
    void theListIsReadInParts() {
        member(TenantId.PLATFORM, Role.OPERATOR, "B@example.org");
        member(TenantId.PLATFORM, Role.OPERATOR, "a@example.org");

        List<Operator> first = operators.list(null, 1);

        assertThat(first).extracting(Operator::email).containsExactly("a@example.org");
        assertThat(operators.list(first.getFirst().key(), 5))
                .extracting(Operator::email)
                .containsExactly("B@example.org");
    }

    /** Whatever a mistake of ours would write. */
    @Test
    void theDatabaseKeepsCustomersAndThePlatformApart() {
        assertThatThrownBy(() -> member(TenantId.PLATFORM, Role.OWNER, "owner@example.org"))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThatThrownBy(() -> member(tenant(1), Role.OPERATOR, "operator@example.org"))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private List<String> emails() {
        return operators.list(null, 10).stream().map(Operator::email).toList();
    }

    private static ActingMember acting(UserId user) {
        return new ActingMember(TenantId.PLATFORM, user, Role.OPERATOR, "by@example.org", "192.0.2.7");
    }

    private int count(String query, UserId user) {
        return database.superuser()
                .sql(query)
                .param(user.value())
                .query(Integer.class)
                .single();
    }

    /** Ids of tenants grow with time. */
    private TenantId tenant(int number) {
        TenantId tenant = new TenantId(new UUID(0x0193_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
        database.superuser()
                .sql("INSERT INTO tenant (tenant_id, name, created_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (tenant_id) DO NOTHING")
                .params(tenant.value(), "Tenant " + number, CLOCK.instant().atOffset(ZoneOffset.UTC))
                .update();
        return tenant;
    }

    private UserId member(TenantId tenant, Role role, String email) {
        UserId user = new UserId(UUID.randomUUID());
        var now = CLOCK.instant().atOffset(ZoneOffset.UTC);
        database.tenants().run(tenant, () -> {
            database.jdbc()
                    .sql("INSERT INTO user_account (user_id, email, email_key, password_hash, created_at)"
                            + " VALUES (?, ?, ?, '', ?)")
                    .params(user.value(), email, new EmailAddress(email).key(), now)
                    .update();
            database.jdbc()
                    .sql("INSERT INTO user_tenant (user_id, tenant_id) VALUES (?, ?)")
                    .params(user.value(), tenant.value())
                    .update();
            database.jdbc()
                    .sql("INSERT INTO member (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)")
                    .params(tenant.value(), user.value(), role.name(), now)
                    .update();
        });
        return user;
    }
}
