package io.postwatch.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.secret.Secrets;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ControllerTest
class MonitorApiTest {
    private static final String PATH = "/api/v1/monitors";
    private static final String CANARY = "canary-Pa55word-9f2c";

    private final TestPeople people;
    private final JdbcClient jdbc;
    private final TenantTransactions transactions;
    private final Secrets secrets;
    private ApiClient editor;

    @Autowired
    MonitorApiTest(TestPeople people, JdbcClient jdbc, TenantTransactions transactions, Secrets secrets) {
        this.people = people;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.secrets = secrets;
        this.editor = people.anonymous();
    }

    @BeforeEach
    void signIn() {
        editor = people.member(Role.EDITOR);
    }

    @Test
    void aMonitorNeedsTypeAndHost() {
        Answer made = editor.post(PATH, Map.of("type", "imap", "host", "Mail.Example.org"));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        JsonNode monitor = made.json();
        assertThat(made.header("Location"))
                .isEqualTo(PATH + "/" + monitor.get("id").asString());
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(monitor.get("name").asString()).isEqualTo("imap mail.example.org");
        assertThat(monitor.get("componentName").asString()).isEqualTo("mail.example.org");
        assertThat(monitor.get("port").asInt()).isEqualTo(993);
        assertThat(monitor.get("security").asString()).isEqualTo("tls");
        assertThat(monitor.get("addressFamily").asString()).isEqualTo("any");
        assertThat(monitor.get("periodSeconds").asInt()).isEqualTo(60);
        assertThat(monitor.get("timeoutSeconds").asInt()).isEqualTo(30);
        assertThat(monitor.at("/thresholds/warningSeconds").asInt()).isEqualTo(8);
        assertThat(monitor.at("/certificate/errorDays").asInt()).isEqualTo(7);
        assertThat(monitor.has("credentials")).isFalse();
        assertThat(monitor.at("/status/status").asString()).isEqualTo("NO_DATA");
        assertThat(monitor.at("/status/sentence").asString()).isNotBlank();
        assertThat(editor.get(PATH + "/" + monitor.get("id").asString()).json()).isEqualTo(monitor);
    }

    @Test
    void monitorsOfOneHostShareItsComponent() {
        JsonNode imap = create(Map.of("type", "imap", "host", "mail.example.org"));
        JsonNode smtp = create(Map.of("type", "smtp", "host", "mail.example.org"));
        assertThat(smtp.get("componentId")).isEqualTo(imap.get("componentId"));
        JsonNode component = editor.get(
                        "/api/v1/components/" + imap.get("componentId").asString())
                .json();
        assertThat(component.get("monitors").asInt()).isEqualTo(2);
        assertThat(editor.delete("/api/v1/components/" + imap.get("componentId").asString())
                        .code())
                .isEqualTo("in-use");
    }

    @Test
    void isReplacedWithIfMatchPausedResumedAndDeleted() {
        String path = PATH + "/"
                + create(Map.of("type", "imap", "host", "mail.example.org"))
                        .get("id")
                        .asString();
        Answer replaced = editor.with("If-Match", "\"1\"")
                .put(
                        path,
                        Map.of("type", "smtp", "host", "mx.example.org", "tags", List.of("a"), "periodSeconds", 300));
        assertThat(replaced.status()).as(replaced.text()).isEqualTo(200);
        assertThat(replaced.header("ETag")).isEqualTo("\"2\"");
        assertThat(replaced.json().get("name").asString()).isEqualTo("smtp mx.example.org");
        assertThat(replaced.json().at("/tags/0").asString()).isEqualTo("a");
        assertThat(editor.with("If-Match", "\"1\"")
                        .put(path, Map.of("type", "imap", "host", "x.example"))
                        .code())
                .isEqualTo("revision-mismatch");
        assertThat(editor.with("If-Match", "nonsense")
                        .put(path, Map.of("type", "imap", "host", "x.example"))
                        .code())
                .isEqualTo("invalid-parameter");
        JsonNode paused = editor.post(path + "/pause", null).json();
        assertThat(paused.get("paused").asBoolean()).isTrue();
        assertThat(paused.get("revision").asInt()).isEqualTo(3);
        assertThat(editor.post(path + "/pause", null).json().get("revision").asInt())
                .isEqualTo(3);
        assertThat(editor.post(path + "/resume", null).json().get("paused").asBoolean())
                .isFalse();
        assertThat(editor.delete(path).status()).isEqualTo(204);
        assertThat(editor.get(path).code()).isEqualTo("not-found");
        assertThat(editor.delete(path).code()).isEqualTo("not-found");
        assertThat(editor.post(path + "/pause", null).code()).isEqualTo("not-found");
        assertThat(editor.put(path, Map.of("type", "imap", "host", "x.example")).code())
                .isEqualTo("not-found");
    }

    @Test
    void aPasswordGoesInAndNeverComesOut() {
        List<Answer> answers = new ArrayList<>();
        Answer made = editor.post(PATH, withLogin("mail.example.org", CANARY));
        answers.add(made);
        String path = PATH + "/" + made.json().get("id").asString();
        assertThat(made.json().at("/credentials/passwordSet").asBoolean()).isTrue();
        assertThat(made.json().at("/credentials/mechanism").asString()).isEqualTo("auto");
        assertThat(stored()).containsExactly(CANARY);

        answers.add(editor.put(path, withLogin("mail.example.org", null)));
        assertThat(stored()).as("kept").containsExactly(CANARY);

        Answer redirected = editor.put(path, withLogin("evil.example", null));
        answers.add(redirected);
        assertThat(redirected.code()).isEqualTo("invalid-fields");
        assertThat(redirected.json().at("/fieldErrors/0/field").asString()).isEqualTo("credentials.password");
        assertThat(redirected.json().at("/fieldErrors/0/code").asString()).isEqualTo("password-required");

        answers.add(editor.put(path, withLogin("mail.example.org", CANARY + "2")));
        assertThat(stored()).as("replaced").containsExactly(CANARY + "2");
        answers.add(editor.post(PATH, withLogin("mail.example.org\n", CANARY)));
        answers.add(editor.post(PATH, withLogin("mail.example.org", CANARY + "\n")));
        answers.add(editor.post(PATH, "{\"credentials\": {\"password\": \"" + CANARY + "\", \"password\": 1}}"));
        answers.add(editor.post(PATH, "{\"credentials\": \"" + CANARY + "\"}"));
        answers.add(editor.get(path));
        answers.add(editor.get(PATH));

        answers.add(editor.put(path, Map.of("type", "imap", "host", "mail.example.org")));
        assertThat(stored()).as("credentials left out").isEmpty();
        editor.put(path, withLogin("mail.example.org", CANARY));
        assertThat(stored()).hasSize(1);
        editor.delete(path);
        assertThat(stored()).as("deleted").isEmpty();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.text()).doesNotContain(CANARY));
    }

    @Test
    void aRepeatedCreateMakesNothingTwice() {
        ApiClient repeating = editor.with("Idempotency-Key", "key-1");
        Answer first = repeating.post(PATH, withLogin("mail.example.org", CANARY));
        Answer second = repeating.post(PATH, withLogin("mail.example.org", CANARY));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(repeating.post(PATH, withLogin("other.example.org", CANARY)).code())
                .isEqualTo("idempotency-key-reused");
        assertThat(editor.get(PATH).json().get("items")).hasSize(1);
        assertThat(stored()).hasSize(1);
    }

    @Test
    void aCursorOfAnotherOrderIsRefusedOrHarmless() {
        for (int i = 0; i < 3; i++) {
            create(Map.of("type", "imap", "host", "m" + i + ".example"));
        }
        String byName = editor.get(PATH + "?limit=1").json().get("nextCursor").asString();
        assertThat(editor.get(PATH + "?sort=createdAt&cursor=" + byName).code()).isEqualTo("invalid-cursor");
        assertThat(editor.get(PATH + "?sort=status&cursor=" + byName).code()).isEqualTo("invalid-cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "-name", "status", "host", "createdAt", "-createdAt"})
    void everyOrderComesInPagesWithoutGapsOrRepetition(String sort) {
        for (int i = 0; i < 7; i++) {
            create(Map.of("type", "imap", "host", "mail.example.org", "name", "same"));
        }
        for (String query : List.of("", "&status=NO_DATA")) {
            List<String> ids = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = editor.get(PATH + "?limit=2&sort=" + sort + query + "&cursor=" + cursor)
                        .json();
                page.get("items").forEach(item -> ids.add(item.get("id").asString()));
                cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : "";
            } while (!cursor.isEmpty());
            assertThat(ids).hasSize(7).doesNotHaveDuplicates();
        }
        assertThat(editor.get(PATH + "?status=OK&sort=" + sort).json().get("items"))
                .isEmpty();
    }

    @Test
    void theListFilters() {
        JsonNode first = create(Map.of("type", "imap", "host", "one.example", "tags", List.of("Berlin")));
        JsonNode second = create(Map.of("type", "smtp", "host", "two.example", "name", "smtp two_.example"));
        editor.post(PATH + "/" + second.get("id").asString() + "/pause", null);
        assertThat(names("q=ONE")).containsExactly("imap one.example");
        assertThat(names("q=berl")).containsExactly("imap one.example");
        assertThat(names("q=_")).as("no wildcard").containsExactly("smtp two_.example");
        assertThat(names("q=%25")).as("no wildcard").isEmpty();
        assertThat(names("type=smtp")).containsExactly("smtp two_.example");
        assertThat(names("tag=Berlin")).containsExactly("imap one.example");
        assertThat(names("tag=berlin")).isEmpty();
        assertThat(names("paused=true")).containsExactly("smtp two_.example");
        assertThat(names("componentId=" + first.get("componentId").asString())).containsExactly("imap one.example");
        assertThat(names("componentId=" + UUID.randomUUID())).isEmpty();
        assertThat(names("locationId=" + UUID.randomUUID())).isEmpty();
        assertThat(names("sort=-name")).containsExactly("smtp two_.example", "imap one.example");
    }

    @Test
    void thePausedAreCountedApartAndTheMonitorsOfOthersNotAtAll() {
        create(Map.of("type", "imap", "host", "one.example"));
        create(Map.of("type", "imap", "host", "two.example"));
        JsonNode paused = create(Map.of("type", "smtp", "host", "one.example"));
        editor.post(PATH + "/" + paused.get("id").asString() + "/pause", null);
        assertThat(people.member(editor.tenant(), Role.VIEWER)
                        .get(PATH + "/counts")
                        .text())
                .isEqualTo("{\"error\":0,\"warning\":0,\"noData\":2,\"ok\":0,\"paused\":1}");
        assertThat(people.member(Role.OWNER).get(PATH + "/counts").text())
                .isEqualTo("{\"error\":0,\"warning\":0,\"noData\":0,\"ok\":0,\"paused\":0}");
    }

    @Test
    void anotherTenantsMonitorIsAsUnknownAsNone() {
        JsonNode monitor = create(withLogin("secret-host.example.org", CANARY));
        ApiClient stranger = people.member(Role.OWNER);
        String theirs = PATH + "/" + monitor.get("id").asString();
        String nobodys = PATH + "/" + UUID.randomUUID();
        Map<String, Object> body = Map.of("type", "imap", "host", "x.example");
        assertThat(same(stranger.get(theirs), stranger.get(nobodys))).isEqualTo("not-found");
        assertThat(same(stranger.put(theirs, body), stranger.put(nobodys, body)))
                .isEqualTo("not-found");
        assertThat(same(stranger.delete(theirs), stranger.delete(nobodys))).isEqualTo("not-found");
        for (String act : List.of("/pause", "/resume")) {
            assertThat(same(stranger.post(theirs + act, null), stranger.post(nobodys + act, null)))
                    .isEqualTo("not-found");
        }
        for (String part : List.of("/results", "/results/1-1", "/series")) {
            assertThat(same(stranger.get(theirs + part), stranger.get(nobodys + part)))
                    .isEqualTo("not-found");
        }
        assertThat(stranger.get(PATH).text()).doesNotContain("secret-host");
        assertThat(stranger.get(PATH + "?componentId="
                                + monitor.get("componentId").asString())
                        .text())
                .doesNotContain("secret-host");
        Answer borrowed = stranger.post(
                PATH,
                Map.of(
                        "type",
                        "imap",
                        "host",
                        "x.example",
                        "componentId",
                        monitor.get("componentId").asString()));
        Answer unknown = stranger.post(
                PATH,
                Map.of(
                        "type",
                        "imap",
                        "host",
                        "x.example",
                        "componentId",
                        UUID.randomUUID().toString()));
        assertThat(same(borrowed, unknown)).isEqualTo("invalid-fields");
        assertThat(stranger.post(PATH, Map.of("type", "imap", "host", "secret-host.example.org"))
                        .status())
                .as("the same name is free elsewhere")
                .isEqualTo(201);
        assertThat(editor.get(theirs).status()).isEqualTo(200);
    }

    @Test
    void aMalformedIdIsTheIdOfNothing() {
        for (String part : List.of("", "/results", "/series")) {
            assertThat(editor.get(PATH + "/1-2-x" + part).code()).isEqualTo("not-found");
        }
    }

    @Test
    void viewersReadAndEditNothing() {
        String path = PATH + "/"
                + create(Map.of("type", "imap", "host", "a.example")).get("id").asString();
        ApiClient viewer = people.member(editor.tenant(), Role.VIEWER);
        Map<String, Object> body = Map.of("type", "imap", "host", "b.example");
        assertThat(viewer.get(path).status()).isEqualTo(200);
        assertThat(viewer.get(path + "/results").status()).isEqualTo(200);
        assertThat(viewer.get(path + "/series").status()).isEqualTo(200);
        assertThat(viewer.post(PATH, body).code()).isEqualTo("permission-denied");
        assertThat(viewer.put(path, body).code()).isEqualTo("permission-denied");
        assertThat(viewer.delete(path).code()).isEqualTo("permission-denied");
        assertThat(viewer.post(path + "/pause", null).code()).isEqualTo("permission-denied");
        assertThat(viewer.post(path + "/resume", null).code()).isEqualTo("permission-denied");
        assertThat(people.anonymous().get(path).code()).isEqualTo("not-signed-in");
    }

    private static String same(Answer theirs, Answer nobodys) {
        assertThat(theirs.text()).isEqualTo(nobodys.text());
        assertThat(theirs.status()).isEqualTo(nobodys.status());
        return theirs.code();
    }

    private static Map<String, Object> withLogin(String host, @Nullable String password) {
        Map<String, Object> credentials = new LinkedHashMap<>(Map.of("username", "user"));
        if (password != null) {
            credentials.put("password", password);
        }
        return Map.of("type", "imap", "host", host, "credentials", credentials);
    }

    private JsonNode create(Map<String, Object> body) {
        Answer answer = editor.post(PATH, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private List<String> names(String query) {
        List<String> names = new ArrayList<>();
        editor.get(PATH + "?" + query)
                .json()
                .get("items")
                .forEach(item -> names.add(item.get("name").asString()));
        return names;
    }

    /** What the vault holds for the tenant. */
    private List<String> stored() {
        return transactions.call(
                editor.tenant(),
                () -> jdbc
                        .sql("SELECT secret_id FROM secret WHERE tenant_id = ?")
                        .param(editor.tenant().value())
                        .query((row, number) -> new SecretId(row.getObject(1, UUID.class)))
                        .list()
                        .stream()
                        .map(id -> Objects.requireNonNull(
                                secrets.openAll(Map.of(id, editor.tenant())).get(id)))
                        .map(plaintext -> new String(plaintext, StandardCharsets.UTF_8))
                        .toList());
    }
}
