package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Public locations up to their opening; what needs an agent is tested with one. */
@ControllerTest
class PublicLocationApiTest {
    private static final String LOCATIONS = "/api/v1/locations";
    private static final String TOKENS = "/api/v1/enrolment-tokens";

    private final TestPeople people;
    private final String name = "Frankfurt " + UUID.randomUUID();
    private ApiClient operator;
    private String path = "";

    PublicLocationApiTest(@Autowired TestPeople people) {
        this.people = people;
        this.operator = people.anonymous();
    }

    @BeforeEach
    void makeOne() {
        operator = people.member(Role.OPERATOR);
        Answer made = operator.post(LOCATIONS, Map.of("name", name, "country", "de"));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("kind").asString()).isEqualTo("public");
        assertThat(made.json().get("country").asString()).isEqualTo("DE");
        assertThat(made.json().get("inPreparation").asBoolean()).isTrue();
        path = made.header("Location");
    }

    @AfterEach
    void deleteIt() {
        assertThat(operator.delete(path).status()).isIn(204, 404);
    }

    @Test
    void itIsChangedAndDeletedAndPutOnThePlatformsRecord() {
        Answer changed = operator.with("If-Match", "\"1\"").put(path, Map.of("name", name + "!", "country", "FR"));

        assertThat(changed.json().get("country").asString()).isEqualTo("FR");
        assertThat(changed.json().get("revision").asInt()).isEqualTo(2);
        assertThat(operator.put(path, Map.of("name", name + "!", "country", "FR"))
                        .json()
                        .get("revision")
                        .asInt())
                .as("saying the same changes nothing")
                .isEqualTo(2);
        assertThat(operator.delete(path).status()).isEqualTo(204);
        assertThat(operator.get("/api/v1/audit?subject=" + path.substring(LOCATIONS.length() + 1))
                        .text())
                .contains("location.created", "location.changed", "location.deleted", "countryBefore");
    }

    @ParameterizedTest
    @CsvSource({"'', required", "XX, unknown", "Germany, unknown"})
    void itHasACountry(String country, String code) {
        Answer refused = operator.post(LOCATIONS, Map.of("name", "Oslo", "country", country));

        assertThat(refused.code()).isEqualTo("invalid-fields");
        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo("country");
        assertThat(refused.json().at("/fieldErrors/0/code").asString()).isEqualTo(code);
    }

    @Test
    void aPrivateOneHasNone() {
        Answer refused = people.member(Role.OWNER).post(LOCATIONS, Map.of("name", "Cellar", "country", "DE"));

        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo("country");
        assertThat(people.member(Role.OWNER)
                        .post(LOCATIONS, Map.of("name", "Cellar"))
                        .json()
                        .get("inPreparation")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void noTenantSeesItBeforeItIsOpened() {
        ApiClient customer = people.member(Role.OWNER);

        assertThat(customer.get(LOCATIONS + "?limit=500").text()).doesNotContain(name);
        assertThat(customer.get(path).code()).isEqualTo("not-found");
        assertThat(customer.put(path, Map.of("name", "x")).code()).isEqualTo("not-found");
        assertThat(customer.delete(path).code()).isEqualTo("not-found");
        assertThat(customer.post(path + "/open", null).code()).isEqualTo("permission-denied");
        Answer monitor = customer.post(
                "/api/v1/monitors",
                Map.of(
                        "type",
                        "smtp",
                        "host",
                        "a.example",
                        "locations",
                        Map.of("locationIds", List.of(path.substring(LOCATIONS.length() + 1)))));
        assertThat(monitor.code()).isEqualTo("invalid-fields");
        assertThat(operator.get(LOCATIONS + "?limit=500").text()).contains(name);
    }

    /** Monitors would leave the places that they run at for one where nobody runs them. */
    @Test
    void itIsNotOpenedBeforeAnAgentIsAtWork() {
        assertThat(operator.post(path + "/open", null).code()).isEqualTo("location-without-agent");
        assertThat(operator.get(path).json().get("inPreparation").asBoolean()).isTrue();
    }

    @Test
    void itsInstallCommandKeepsTheAgentToPublicAddresses() {
        String location = path.substring(LOCATIONS.length() + 1);
        Answer token = operator.post(TOKENS, Map.of("locationId", location));

        assertThat(token.status()).as(token.text()).isEqualTo(201);
        assertThat(token.json().get("installCommand").asString()).endsWith(" --addresses-policy public");
        ApiClient customer = people.member(Role.OWNER);
        assertThat(customer.get(TOKENS).text()).doesNotContain(location);
        assertThat(customer.post(TOKENS, Map.of("locationId", location)).code()).isEqualTo("invalid-fields");
        assertThat(customer.delete(token.header("Location")).code()).isEqualTo("not-found");
    }
}
