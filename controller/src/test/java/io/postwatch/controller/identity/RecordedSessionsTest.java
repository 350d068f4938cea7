package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What of signing in and out is on record: in every tenant of the person, and nowhere else. */
@ControllerTest
class RecordedSessionsTest {
    private final TestPeople people;
    private final TenantTransactions transactions;
    private final JdbcClient jdbc;
    private ApiClient here;
    private ApiClient there;
    private String email = "";

    RecordedSessionsTest(
            @Autowired TestPeople people, @Autowired TenantTransactions transactions, @Autowired JdbcClient jdbc) {
        this.people = people;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.here = people.anonymous();
        this.there = people.anonymous();
    }

    @BeforeEach
    void makeSomebodyInTwoTenants() {
        here = people.member(Role.OWNER);
        there = people.member(Role.OWNER);
        email = "user-" + UUID.randomUUID() + "@example.org";
        UserId user = people.account(email);
        join(here.tenant(), user);
        join(there.tenant(), user);
    }

    @Test
    void signingInAndOutIsOnRecordInEachTenant() {
        Answer in = signIn(email, TestPeople.PASSWORD);
        String cookie = in.header("Set-Cookie");
        people.anonymous()
                .withCookie(cookie.substring(0, cookie.indexOf(';')))
                .with("Postwatch-Csrf-Token", in.json().get("csrfToken").asString())
                .delete("/api/v1/session");

        for (ApiClient tenant : List.of(here, there)) {
            assertThat(acts(tenant)).containsExactly("user.signed-out", "user.signed-in");
            JsonNode entry =
                    tenant.get("/api/v1/audit?act=user.signed-in").json().at("/items/0");
            assertThat(entry.at("/actor/name").asString()).isEqualTo(email);
            assertThat(entry.at("/subject/name").asString()).isEqualTo(email);
            assertThat(entry.get("address").asString()).isNotBlank();
        }
    }

    @Test
    void aFailedSignInIsOnRecordInEachTenant() {
        assertThat(signIn(email, "the wrong canary password").status()).isEqualTo(401);

        for (ApiClient tenant : List.of(here, there)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(acts(tenant)).containsExactly("user.sign-in-failed"));
            assertThat(tenant.get("/api/v1/audit").text()).contains(email).doesNotContain("canary");
        }
    }

    @Test
    void anUnknownUserIsOnNobodysRecord() {
        String unknown = "nobody-" + UUID.randomUUID() + "@example.org";
        signIn(unknown, "the wrong password");
        // One thread writes them in order, so the unknown user's would be there before the known one's.
        signIn(email, "the wrong password");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(acts(here)).containsExactly("user.sign-in-failed"));
        assertThat(here.get("/api/v1/audit").text()).doesNotContain(unknown);
    }

    private void join(TenantId tenant, UserId user) {
        transactions.run(
                tenant,
                () -> jdbc.sql("INSERT INTO user_tenant (user_id, tenant_id) VALUES (?, ?)")
                        .params(user.value(), tenant.value())
                        .update());
    }

    private Answer signIn(String as, String password) {
        return people.anonymous().post("/api/v1/session", Map.of("email", as, "password", password));
    }

    private static List<String> acts(ApiClient tenant) {
        List<String> acts = new ArrayList<>();
        tenant.get("/api/v1/audit")
                .json()
                .get("items")
                .forEach(item -> acts.add(item.get("act").asString()));
        return acts;
    }
}
