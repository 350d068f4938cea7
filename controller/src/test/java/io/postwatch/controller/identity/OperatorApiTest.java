package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ControllerTest
class OperatorApiTest {
    private static final String OPERATORS = "/api/v1/operators";

    private final TestPeople people;

    OperatorApiTest(@Autowired TestPeople people) {
        this.people = people;
    }

    @Test
    void theRoleIsGivenAndTakenAwayAndCountsAtOnce() {
        ApiClient operator = people.member(Role.OPERATOR);
        String email = "new-" + UUID.randomUUID() + "@example.org";
        ApiClient customer = people.member(people.member(Role.OWNER).tenant(), Role.EDITOR, email);
        ApiClient onPlatform = customer.with("Postwatch-Tenant", TenantId.PLATFORM.toString());
        assertThat(onPlatform.get(OPERATORS).code()).isEqualTo("not-found");

        Answer made = operator.post(OPERATORS, Map.of("email", " " + email + " "));

        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("email").asString()).isEqualTo(email);
        assertThat(onPlatform.get(OPERATORS).text()).contains(email);
        assertThat(customer.get("/api/v1/session").json().at("/tenants/1/role").asString())
                .as("beside what they are elsewhere")
                .isEqualTo("OPERATOR");
        assertThat(operator.delete(made.header("Location")).status()).isEqualTo(204);
        assertThat(onPlatform.get(OPERATORS).code()).isEqualTo("not-found");
        assertThat(customer.get("/api/v1/monitors").status()).isEqualTo(200);
        assertThat(operator.get("/api/v1/audit?subject=" + email).text())
                .contains("operator.appointed", "operator.dismissed");
    }

    @Test
    void onlySomebodyWithAnAccountIsAppointed() {
        ApiClient operator = people.member(Role.OPERATOR);

        Answer unknown = operator.post(OPERATORS, Map.of("email", "nobody-" + UUID.randomUUID() + "@example.org"));

        assertThat(unknown.code()).isEqualTo("invalid-fields");
        assertThat(unknown.json().at("/fieldErrors/0/field").asString()).isEqualTo("email");
        assertThat(operator.post(OPERATORS, Map.of("email", "nobody")).code()).isEqualTo("invalid-fields");
        assertThat(operator.delete(OPERATORS + "/" + UUID.randomUUID()).code()).isEqualTo("not-found");
    }

    @Test
    void noCustomerHasASayInIt() {
        ApiClient owner = people.member(Role.OWNER);

        Answer refused = owner.post(OPERATORS, Map.of("email", "me@example.org"));

        assertThat(refused.code()).isEqualTo("permission-denied");
        assertThat(refused.json().get("detail").asString()).contains("operator of the platform");
        assertThat(owner.with("Postwatch-Tenant", TenantId.PLATFORM.toString())
                        .get(OPERATORS)
                        .code())
                .isEqualTo("not-found");
    }

    @Test
    void anOperatorSeesNothingOfACustomer() {
        ApiClient customer = people.member(Role.OWNER);
        String canary = "Canary " + UUID.randomUUID();
        Answer location = customer.post("/api/v1/locations", Map.of("name", canary));
        Answer component = customer.post("/api/v1/components", Map.of("name", canary));
        Answer monitor =
                customer.post("/api/v1/monitors", Map.of("type", "smtp", "host", "canary.example", "name", canary));
        assertThat(monitor.status()).as(monitor.text()).isEqualTo(201);
        ApiClient operator = people.member(Role.OPERATOR);

        for (String list :
                new String[] {"locations", "agents", "enrolment-tokens", "monitors", "components", "audit"}) {
            assertThat(operator.get("/api/v1/" + list + "?limit=500").text())
                    .as(list)
                    .contains("items")
                    .doesNotContain(canary, "canary.example");
        }
        for (Answer made : new Answer[] {location, component, monitor}) {
            assertThat(operator.get(made.header("Location")).code()).isEqualTo("not-found");
            assertThat(operator.with("Postwatch-Tenant", customer.tenant().toString())
                            .get(made.header("Location"))
                            .code())
                    .isEqualTo("not-found");
        }
        Answer refused = operator.post("/api/v1/monitors", Map.of("type", "smtp", "host", "a.example"));
        assertThat(refused.code()).isEqualTo("permission-denied");
        assertThat(refused.json().get("detail").asString()).contains("The platform has none of its own");
    }
}
