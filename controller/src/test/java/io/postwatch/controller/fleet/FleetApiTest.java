package io.postwatch.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@ControllerTest
class FleetApiTest {
    private static final String LOCATIONS = "/api/v1/locations";
    private static final String TOKENS = "/api/v1/enrolment-tokens";

    private final TestPeople people;
    private ApiClient owner;

    FleetApiTest(@Autowired TestPeople people) {
        this.people = people;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void signIn() {
        owner = people.member(Role.OWNER);
    }

    @Test
    void aLocationIsMadeChangedAndDeleted() {
        var made = owner.post(LOCATIONS, Map.of("name", " Paris ", "description", "cellar"));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("state").asString()).isEqualTo("no-agent");
        assertThat(made.json().get("kind").asString()).isEqualTo("private");
        String path = made.header("Location");

        var changed = owner.with("If-Match", "\"1\"").put(path, Map.of("name", "Lyon"));
        assertThat(changed.json().get("name").asString()).isEqualTo("Lyon");
        assertThat(owner.with("If-Match", "\"1\"")
                        .put(path, Map.of("name", "x"))
                        .code())
                .isEqualTo("revision-mismatch");
        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(owner.get(path).code()).isEqualTo("not-found");
    }

    @Test
    void aLocationThatAMonitorNamesIsNotDeleted() {
        String location = location(owner, "Paris");
        owner.post(
                "/api/v1/monitors",
                Map.of("type", "smtp", "host", "a.example", "locations", Map.of("locationIds", List.of(location))));

        var refused = owner.delete(LOCATIONS + "/" + location);

        assertThat(refused.code()).isEqualTo("in-use");
        assertThat(refused.json().get("detail").asString()).contains("0 agents and 1 monitor");
    }

    @Test
    void theNextPageFollowsALocationThatIsGone() {
        location(owner, "paging amsterdam");
        String gone = location(owner, "Paging Brussels");
        location(owner, "paging cork");
        String list = LOCATIONS + "?q=paging&limit=2";
        String cursor = owner.get(list).json().get("nextCursor").asString();

        owner.delete(LOCATIONS + "/" + gone);

        assertThat(owner.get(list + "&cursor=" + cursor)
                        .json()
                        .get("items")
                        .valueStream()
                        .map(item -> item.get("name").asString()))
                .containsExactly("paging cork");
    }

    @Test
    void aNameIsGivenOncePerTenant() {
        location(owner, "Paris");
        assertThat(owner.post(LOCATIONS, Map.of("name", "Paris")).code()).isEqualTo("name-taken");
        assertThat(people.member(Role.OWNER)
                        .post(LOCATIONS, Map.of("name", "Paris"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aTokenIsShownOnceAndRevoked() {
        String location = location(owner, "Paris");
        var made = owner.post(TOKENS, Map.of("locationId", location));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String token = made.json().get("token").asString();
        assertThat(made.json().get("installCommand").asString())
                .startsWith("POSTWATCH_ENROL_TOKEN=" + token
                        + " java @postwatch-agent.options -jar postwatch-agent.jar run --state ")
                .endsWith(
                        " --controller " + made.json().get("controllerAddress").asString());
        assertThat(made.json().get("usesLeft").asInt()).isOne();

        var list = owner.get(TOKENS + "?locationId=" + location);
        assertThat(list.text()).doesNotContain(token).contains(token.substring(0, 12));
        assertThat(owner.delete(made.header("Location")).status()).isEqualTo(204);
        assertThat(owner.get(TOKENS).json().at("/items/0/state").asString()).isEqualTo("revoked");
    }

    @Test
    void anotherTenantNeitherSeesNorChangesNorUsesALocation() {
        String location = location(owner, "Canary");
        var token = owner.post(TOKENS, Map.of("locationId", location));
        ApiClient other = people.member(Role.OWNER);
        String path = LOCATIONS + "/" + location;
        String unknown = LOCATIONS + "/" + UUID.randomUUID();

        assertThat(other.get(path).text()).isEqualTo(other.get(unknown).text());
        assertThat(other.put(path, Map.of("name", "x")).text())
                .isEqualTo(other.put(unknown, Map.of("name", "x")).text());
        assertThat(other.delete(path).text()).isEqualTo(other.delete(unknown).text());
        assertThat(other.post(TOKENS, Map.of("locationId", location)).text())
                .isEqualTo(other.post(
                                TOKENS, Map.of("locationId", UUID.randomUUID().toString()))
                        .text());
        assertThat(other.delete(token.header("Location")).status()).isEqualTo(404);
        assertThat(other.get(LOCATIONS).text()).doesNotContain("Canary");
        assertThat(other.get(TOKENS).text()).doesNotContain(location);
        assertThat(owner.get(TOKENS).json().at("/items/0/state").asString()).isEqualTo("usable");
    }

    @ParameterizedTest
    @CsvSource({"0, lifetimeSeconds", "604801, lifetimeSeconds", "-1, lifetimeSeconds"})
    void aTokensLifetimeHasBounds(int seconds, String field) {
        var refused = owner.post(TOKENS, Map.of("locationId", location(owner, "Paris"), "lifetimeSeconds", seconds));

        assertThat(refused.code()).isEqualTo("invalid-fields");
        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThat(owner.post(LOCATIONS, Map.of()).code()).isEqualTo("invalid-fields");
        assertThat(owner.post(LOCATIONS, Map.of("name", "x".repeat(101))).code())
                .isEqualTo("invalid-fields");
        assertThat(owner.post(TOKENS, Map.of()).code()).isEqualTo("invalid-fields");
        assertThat(owner.post(TOKENS, Map.of("locationId", location(owner, "Oslo"), "uses", 0))
                        .code())
                .isEqualTo("invalid-fields");
        assertThat(owner.post("/api/v1/monitor-tests", Map.of()).code()).isEqualTo("invalid-fields");
        assertThat(owner.get("/api/v1/agents/" + UUID.randomUUID()).code()).isEqualTo("not-found");
    }

    @Test
    void onlyAdministratorsLetAgentsIn() {
        ApiClient editor = people.member(Role.EDITOR);

        assertThat(editor.get(LOCATIONS).status()).isEqualTo(200);
        assertThat(editor.post(LOCATIONS, Map.of("name", "x")).code()).isEqualTo("permission-denied");
    }

    private static String location(ApiClient client, String name) {
        return client.post(LOCATIONS, Map.of("name", name)).json().get("id").asString();
    }
}
