package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@ControllerTest
class SessionApiTest {
    private final TestPeople people;
    private final TenantTransactions transactions;
    private final JdbcClient jdbc;

    SessionApiTest(
            @Autowired TestPeople people, @Autowired TenantTransactions transactions, @Autowired JdbcClient jdbc) {
        this.people = people;
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Test
    void theFirstOwnerIsMadeOnceWithTheToken() {
        ApiClient nobody = people.anonymous();
        assertThat(nobody.get("/api/v1/setup").json().get("needed").asBoolean()).isTrue();
        Map<String, String> owner = Map.of(
                "token", "set-up token of tests", "email", "First@Example.org", "password", "a long enough secret");

        assertThat(nobody.post("/api/v1/setup", with(owner, "token", "wrong")).code())
                .isEqualTo("setup-token-refused");
        assertThat(nobody.post("/api/v1/setup", with(owner, "password", "short"))
                        .code())
                .isEqualTo("invalid-fields");
        assertThat(nobody.post("/api/v1/setup", with(owner, "email", "nobody")).code())
                .isEqualTo("invalid-fields");
        Answer made = nobody.post("/api/v1/setup", owner);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().at("/tenants/0/role").asString()).isEqualTo("OWNER");
        assertThat(made.json().at("/tenants/0/name").asString()).isEqualTo("Example.org");
        assertThat(made.json().at("/tenants/1/role").asString())
                .as("who sets up a platform runs it")
                .isEqualTo("OPERATOR");
        assertThat(made.json().at("/tenants/1/id").asString()).isEqualTo(TenantId.PLATFORM.toString());
        assertThat(nobody.get("/api/v1/setup").json().get("needed").asBoolean()).isFalse();
        assertThat(nobody.post("/api/v1/setup", owner).code()).isEqualTo("already-set-up");
        assertThat(nobody.post(
                                "/api/v1/session",
                                Map.of("email", "first@example.ORG", "password", "a long enough secret"))
                        .status())
                .isEqualTo(200);
        TenantId tenant = TenantId.of(made.json().at("/tenants/0/id").asString());
        assertThat(transactions.call(
                        tenant,
                        () -> jdbc.sql("SELECT act, actor_name FROM audit_entry ORDER BY at")
                                .query((row, number) -> row.getString(1) + " by " + row.getString(2))
                                .list()))
                .startsWith("tenant.set-up by First@Example.org", "user.signed-in by First@Example.org");
        assertThat(transactions.call(
                        TenantId.PLATFORM,
                        () -> jdbc.sql(
                                        "SELECT act FROM audit_entry WHERE actor_name = ? AND address IS NOT NULL ORDER BY at")
                                .param("First@Example.org")
                                .query(String.class)
                                .list()))
                .startsWith("operator.appointed", "user.signed-in");
    }

    @Test
    void signingInGivesACookieThatOnlyThisHostGets() {
        String email = newAccount();

        Answer answer = signIn(people.anonymous(), email, TestPeople.PASSWORD);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Set-Cookie"))
                .startsWith("__Host-postwatch=")
                .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
        assertThat(answer.text()).doesNotContain(cookieOf(answer));
        ApiClient signedIn = people.anonymous().withCookie("__Host-postwatch=" + cookieOf(answer));
        assertThat(signedIn.get("/api/v1/session").json().at("/user/email").asString())
                .isEqualTo(email);
    }

    @Test
    void signingInAgainEndsTheSessionBefore() {
        String email = newAccount();
        Answer first = signIn(people.anonymous(), email, TestPeople.PASSWORD);
        ApiClient before = people.anonymous().withCookie("__Host-postwatch=" + cookieOf(first));

        Answer second = signIn(before, email, TestPeople.PASSWORD);

        assertThat(cookieOf(second)).isNotEqualTo(cookieOf(first));
        assertThat(before.get("/api/v1/session").code()).isEqualTo("not-signed-in");
    }

    @Test
    void anUnknownUserAndAWrongPasswordGetTheSameAnswer() {
        Answer wrong = signIn(people.anonymous(), newAccount(), "the wrong password");
        Answer unknown = signIn(people.anonymous(), "nobody@example.org", "the wrong password");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.code()).isEqualTo("sign-in-refused");
        assertThat(unknown.text()).isEqualTo(wrong.text());
        assertThat(unknown.status()).isEqualTo(wrong.status());
    }

    @Test
    void guessingAPasswordIsSlowedDown() {
        String email = newAccount();
        for (int i = 0; i < 10; i++) {
            assertThat(signIn(people.anonymous(), email, "guess number " + i).status())
                    .isEqualTo(401);
        }

        Answer answer = signIn(people.anonymous(), email, TestPeople.PASSWORD);

        assertThat(answer.code()).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 30);
        assertThat(signIn(people.anonymous(), newAccount(), TestPeople.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void signingOutEndsTheSession() {
        ApiClient member = people.member(Role.VIEWER);

        assertThat(member.delete("/api/v1/session").status()).isEqualTo(204);
        assertThat(member.get("/api/v1/session").code()).isEqualTo("not-signed-in");
    }

    @Test
    void aChangeNeedsTheSessionsToken() {
        ApiClient member = people.member(Role.VIEWER);

        assertThat(member.without("Postwatch-Csrf-Token")
                        .delete("/api/v1/session")
                        .code())
                .isEqualTo("csrf-token-invalid");
        assertThat(member.with("Postwatch-Csrf-Token", "guessed")
                        .delete("/api/v1/session")
                        .code())
                .isEqualTo("csrf-token-invalid");
    }

    @Test
    void anotherSiteCanNotEvenSignIn() {
        assertThat(signIn(people.anonymous().with("Sec-Fetch-Site", "cross-site"), newAccount(), TestPeople.PASSWORD)
                        .code())
                .isEqualTo("cross-site-request");
    }

    private String newAccount() {
        String email = "user-" + UUID.randomUUID() + "@example.org";
        people.account(email);
        return email;
    }

    private static Answer signIn(ApiClient client, String email, String password) {
        return client.post("/api/v1/session", Map.of("email", email, "password", password));
    }

    private static String cookieOf(Answer answer) {
        String header = answer.header("Set-Cookie");
        return header.substring(header.indexOf('=') + 1, header.indexOf(';'));
    }

    private static Map<String, String> with(Map<String, String> owner, String field, String value) {
        Map<String, String> changed = new java.util.HashMap<>(owner);
        changed.put(field, value);
        return changed;
    }
}
