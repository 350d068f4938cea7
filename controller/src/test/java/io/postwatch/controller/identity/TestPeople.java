package io.postwatch.controller.identity;

import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.tenancy.Tenants;
import io.postwatch.controller.web.ApiClient;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Makes tenants with members who are signed in, for tests over HTTP. */
@TestComponent
public class TestPeople {
    static final String PASSWORD = "a rather long one for tests";

    private final TenantTransactions transactions;
    private final Tenants tenants;
    private final Sessions sessions;
    private final JdbcClient jdbc;
    private final IdSource ids;
    private final InstantSource clock;
    private final JsonMapper json;
    private final Environment environment;
    private final String passwordHash;

    TestPeople(
            TenantTransactions transactions,
            Tenants tenants,
            Sessions sessions,
            PasswordHashes hashes,
            JdbcClient jdbc,
            IdSource ids,
            InstantSource clock,
            JsonMapper json,
            Environment environment) {
        this.transactions = transactions;
        this.tenants = tenants;
        this.sessions = sessions;
        this.jdbc = jdbc;
        this.ids = ids;
        this.clock = clock;
        this.json = json;
        this.environment = environment;
        this.passwordHash = hashes.hash(PASSWORD);
    }

    /** Somebody signed in, in a new tenant of their own; an operator on the platform. */
    public ApiClient member(Role role) {
        if (role == Role.OPERATOR) {
            return member(TenantId.PLATFORM, role);
        }
        TenantId tenant = new TenantId(ids.next());
        tenants.create(tenant, "Tenant " + tenant);
        return member(tenant, role);
    }

    /** Somebody signed in, in a tenant that exists. */
    public ApiClient member(TenantId tenant, Role role) {
        return member(tenant, role, "user-" + ids.next() + "@example.org");
    }

    /** Somebody signed in under a new address, in a tenant that exists. */
    public ApiClient member(TenantId tenant, Role role, String email) {
        UserId user = account(email);
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        transactions.run(tenant, () -> {
            jdbc.sql("INSERT INTO user_tenant (user_id, tenant_id) VALUES (?, ?)")
                    .params(user.value(), tenant.value())
                    .update();
            jdbc.sql("INSERT INTO member (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)")
                    .params(tenant.value(), user.value(), role.name(), now)
                    .update();
        });
        Sessions.NewSession session = sessions.begin(user);
        return anonymous().withSession(session.token(), session.caller().csrfToken(), tenant);
    }

    /** Nobody in particular. */
    public ApiClient anonymous() {
        return ApiClient.of(Integer.parseInt(environment.getRequiredProperty("local.server.port")), json);
    }

    UserId account(String email) {
        TenantId any = new TenantId(ids.next());
        UserId user = new UserId(ids.next());
        transactions.run(
                any,
                () -> jdbc.sql("""
                                INSERT INTO user_account (user_id, email, email_key, password_hash, created_at)
                                VALUES (?, ?, ?, ?, ?)
                                """)
                        .params(
                                user.value(),
                                email,
                                new EmailAddress(email).key(),
                                passwordHash,
                                clock.instant().atOffset(ZoneOffset.UTC))
                        .update());
        return user;
    }
}
