package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.web.ApiClient;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A tenant replaces its data key over the API, and the controller does the rest. */
@ControllerTest
class DataKeyApiTest {
    private final TestPeople people;
    private final TenantTransactions transactions;
    private final Secrets secrets;

    DataKeyApiTest(
            @Autowired TestPeople people, @Autowired TenantTransactions transactions, @Autowired Secrets secrets) {
        this.people = people;
        this.transactions = transactions;
        this.secrets = secrets;
    }

    @Test
    void aRotationIsBegunShownAndFinished() {
        ApiClient owner = people.member(Role.OWNER);
        byte[] plain = {1, 2, 3};
        SecretId id = transactions.call(owner.tenant(), () -> secrets.store(owner.tenant(), plain));
        String before = owner.get("/api/v1/data-key").json().path("createdAt").asString("");

        ApiClient.Answer begun = owner.send("POST", "/api/v1/data-key/rotation", null);

        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        assertThat(begun.json().path("createdAt").asString("")).isGreaterThan(before);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        !owner.get("/api/v1/data-key").json().path("rotating").asBoolean(true));
        assertThat(owner.get("/api/v1/data-key").json().path("secretsLeft").asLong(-1))
                .isZero();
        assertThat(transactions.call(owner.tenant(), () -> secrets.openAll(Map.of(id, owner.tenant()))))
                .hasSize(1)
                .hasValueSatisfying(new org.assertj.core.api.Condition<>(
                        read -> java.util.Arrays.equals(read, plain), "the secret"));
    }
}
