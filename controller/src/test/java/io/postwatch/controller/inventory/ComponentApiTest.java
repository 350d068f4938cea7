package io.postwatch.controller.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ControllerTest
class ComponentApiTest {
    private static final String PATH = "/api/v1/components";

    private final TestPeople people;
    private ApiClient owner;

    ComponentApiTest(@Autowired TestPeople people) {
        this.people = people;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void signIn() {
        owner = people.member(Role.OWNER);
    }

    @Test
    void aComponentIsMadeReadChangedAndDeleted() {
        Answer made = owner.post(PATH, Map.of("name", " Mail of example.org ", "description", "the main one"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.json().get("name").asString()).isEqualTo("Mail of example.org");
        String path = made.header("Location");
        assertThat(owner.get(path).json()).isEqualTo(made.json());

        Answer changed = owner.with("If-Match", "\"1\"").put(path, Map.of("name", "Mail"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.json().get("description").asString()).isEmpty();
        assertThat(owner.with("If-Match", "\"1\"")
                        .put(path, Map.of("name", "Post"))
                        .code())
                .isEqualTo("revision-mismatch");

        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(owner.get(path).code()).isEqualTo("not-found");
        assertThat(owner.delete(path).code()).isEqualTo("not-found");
    }

    @Test
    void aNameIsGivenOncePerTenant() {
        ApiClient other = people.member(Role.OWNER);
        String first = create(owner, "Mail");
        String second = create(owner, "Post");

        Answer again = owner.post(PATH, Map.of("name", "Mail"));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("name-taken");
        assertThat(again.json().at("/fieldErrors/0/field").asString()).isEqualTo("name");
        assertThat(owner.put(PATH + "/" + second, Map.of("name", "Mail")).code())
                .isEqualTo("name-taken");
        assertThat(owner.put(PATH + "/" + first, Map.of("name", "Mail")).status())
                .isEqualTo(200);
        assertThat(other.post(PATH, Map.of("name", "Mail")).status()).isEqualTo(201);
    }

    @Test
    void anotherTenantNeitherSeesNorChangesNorDeletesIt() {
        String id = create(owner, "Canary");
        ApiClient other = people.member(Role.OWNER);
        String unknown = PATH + "/" + UUID.randomUUID();
        String path = PATH + "/" + id;

        assertThat(other.get(path).text()).isEqualTo(other.get(unknown).text());
        assertThat(other.put(path, Map.of("name", "x")).text())
                .isEqualTo(other.put(unknown, Map.of("name", "x")).text());
        assertThat(other.delete(path).text()).isEqualTo(other.delete(unknown).text());
        assertThat(other.get(path).status()).isEqualTo(404);
        assertThat(other.get(PATH).text()).doesNotContain("Canary").doesNotContain(id);
        assertThat(owner.get(path).json().get("name").asString()).isEqualTo("Canary");
    }

    @Test
    void aTenantOneIsNoMemberOfIsAsUnknownAsNone() {
        ApiClient other = people.member(Role.OWNER);

        Answer foreign =
                owner.with("Postwatch-Tenant", other.tenant().toString()).get(PATH);
        Answer unknown =
                owner.with("Postwatch-Tenant", UUID.randomUUID().toString()).get(PATH);

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.text()).isEqualTo(unknown.text());
    }

    @Test
    void aListComesInPagesInTheOrderOfNames() {
        for (String name : List.of("delta", "alpha", "echo", "charlie", "bravo")) {
            create(owner, name);
        }
        List<String> names = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = owner.get(PATH + "?limit=2&cursor=" + cursor).json();
            page.get("items").forEach(item -> names.add(item.get("name").asString()));
            cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : "";
            pages++;
        } while (!cursor.isEmpty());

        assertThat(names).containsExactly("alpha", "bravo", "charlie", "delta", "echo");
        assertThat(pages).isEqualTo(3);
        assertThat(owner.get(PATH + "?q=RAV").json().at("/items/0/name").asString())
                .isEqualTo("bravo");
        assertThat(owner.get(PATH + "?q=%25").json().get("items")).isEmpty();
    }

    @Test
    void aRepeatedCreateMakesNothingTwice() {
        ApiClient repeating = owner.with("Idempotency-Key", "key-1");
        Answer first = repeating.post(PATH, Map.of("name", "Once"));
        Answer second = repeating.post(PATH, Map.of("name", "Once"));

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(owner.get(PATH).json().get("items")).hasSize(1);
        assertThat(repeating.post(PATH, Map.of("name", "Twice")).code()).isEqualTo("idempotency-key-reused");
        assertThat(people.member(Role.OWNER)
                        .with("Idempotency-Key", "key-1")
                        .post(PATH, Map.of("name", "Twice"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aRefusedCreateDoesNotUseUpItsKey() {
        create(owner, "Taken");
        ApiClient repeating = owner.with("Idempotency-Key", "key-2");

        assertThat(repeating.post(PATH, Map.of("name", "Taken")).code()).isEqualTo("name-taken");
        assertThat(repeating.post(PATH, Map.of("name", "Free")).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                    | name        | required",
                "{\"name\": null}                      | name        | required",
                "{\"name\": \"  \"}                    | name        | required",
                "{\"name\": 7}                         | name        | wrong-type",
                "{\"name\": [\"a\"]}                   | name        | wrong-type",
                "{\"name\": \"a\\nb\"}                 | name        | control-characters",
                "{\"name\": \"a\\u0000b\"}             | name        | invalid",
                "{\"name\": \"\\ud800\"}               | name        | invalid",
                "{\"name\": \"a\", \"colour\": \"red\"} | colour      | unknown-field",
                "{\"name\": \"a\", \"description\": true} | description | wrong-type",
            })
    void aWrongFieldIsNamed(String body, String field, String code) {
        Answer answer = owner.post(PATH, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid-fields");
        assertThat(answer.json().at("/fieldErrors/0/field").asString()).isEqualTo(field);
        assertThat(answer.json().at("/fieldErrors/0/code").asString()).isEqualTo(code);
    }

    @Test
    void tooLongTextsAreRefusedTogether() {
        Answer answer = owner.post(PATH, Map.of("name", "n".repeat(101), "description", "d".repeat(2001)));

        assertThat(answer.code()).isEqualTo("invalid-fields");
        assertThat(answer.json().get("fieldErrors")).hasSize(2);
    }

    private static String create(ApiClient client, String name) {
        Answer answer = client.post(PATH, Map.of("name", name));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("id").asString();
    }
}
