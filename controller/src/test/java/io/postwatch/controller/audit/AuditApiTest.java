package io.postwatch.controller.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ControllerTest
class AuditApiTest {
    private static final String PATH = "/api/v1/audit";
    private static final String CANARY = "canary-Pa55word-4d1b";

    private final TestPeople people;
    private final TenantTransactions transactions;
    private final Audit audit;
    private final JdbcClient jdbc;
    private ApiClient owner;

    AuditApiTest(
            @Autowired TestPeople people,
            @Autowired TenantTransactions transactions,
            @Autowired Audit audit,
            @Autowired JdbcClient jdbc) {
        this.people = people;
        this.transactions = transactions;
        this.audit = audit;
        this.jdbc = jdbc;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void signIn() {
        owner = people.member(Role.OWNER);
    }

    @Test
    void theLifeOfAComponentIsOnRecord() {
        String path = owner.post("/api/v1/components", Map.of("name", "Mail")).header("Location");
        owner.put(path, Map.of("name", "Post"));
        owner.put(path, Map.of("name", "Post"));
        owner.delete(path);

        assertThat(sentences(""))
                .containsExactly("Deleted the component Post", "Changed the component Post", "Made the component Mail");
        JsonNode changed = owner.get(PATH + "?act=component.changed").json().at("/items/0");
        assertThat(changed.at("/actor/name").asString())
                .isEqualTo(owner.get("/api/v1/session").json().at("/user/email").asString());
        assertThat(changed.at("/actor/kind").asString()).isEqualTo("user");
        assertThat(changed.at("/details/nameBefore").asString()).isEqualTo("Mail");
        assertThat(changed.at("/address").asString()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(path).endsWith(changed.at("/subject/id").asString());
    }

    @Test
    void theLifeOfAMonitorIsOnRecordWithoutItsPassword() {
        String path = owner.post("/api/v1/monitors", monitor("mail.example.org", CANARY))
                .header("Location");
        owner.put(path, monitor("mail2.example.org", CANARY + "2"));
        owner.post(path + "/pause", null);
        owner.post(path + "/pause", null);
        owner.post(path + "/resume", null);
        owner.delete(path);

        assertThat(acts(""))
                .containsExactly(
                        "monitor.deleted",
                        "monitor.resumed",
                        "monitor.paused",
                        "monitor.credential-changed",
                        "monitor.changed",
                        "component.created",
                        "monitor.created",
                        "component.created");
        JsonNode changed = owner.get(PATH + "?act=monitor.changed").json().at("/items/0/details");
        assertThat(changed.get("targetBefore").asString()).isEqualTo("imap mail.example.org:993");
        assertThat(changed.get("target").asString()).isEqualTo("imap mail2.example.org:993");
        assertThat(owner.get(PATH).text()).doesNotContain(CANARY);
    }

    @Test
    void theLifeOfALocationAndATokenIsOnRecord() {
        String path = owner.post("/api/v1/locations", Map.of("name", "Paris")).header("Location");
        Answer token = owner.post(
                "/api/v1/enrolment-tokens", Map.of("locationId", path.substring(path.lastIndexOf('/') + 1), "uses", 3));
        owner.delete(token.header("Location"));
        owner.delete(token.header("Location"));
        owner.put(path, Map.of("name", "Lyon"));
        owner.delete(path);

        String prefix = token.json().get("prefix").asString();
        assertThat(sentences(""))
                .containsExactly(
                        "Deleted the location Lyon",
                        "Changed the location Lyon",
                        "Revoked the enrolment token " + prefix,
                        "Made the enrolment token " + prefix,
                        "Made the location Paris");
        assertThat(owner.get(PATH + "?act=enrolment-token.created")
                        .json()
                        .at("/items/0/details/uses")
                        .asString())
                .isEqualTo("3");
        assertThat(owner.get(PATH).text())
                .doesNotContain(token.json().get("token").asString());
    }

    @Test
    void whatIsRefusedIsNotOnRecord() {
        owner.post("/api/v1/components", Map.of("name", "Mail"));
        owner.post("/api/v1/components", Map.of("name", "Mail"));
        owner.post("/api/v1/components", Map.of("name", ""));

        assertThat(sentences("")).containsExactly("Made the component Mail");
    }

    @Test
    void itIsFiltered() {
        String anna = email(owner);
        ApiClient other = people.member(owner.tenant(), Role.EDITOR);
        owner.post("/api/v1/components", Map.of("name", "Mail 100%"));
        String path = other.post("/api/v1/components", Map.of("name", "Web")).header("Location");
        other.delete(path);
        String web = path.substring(path.lastIndexOf('/') + 1);

        assertThat(acts("?act=component.deleted")).containsExactly("component.deleted");
        assertThat(acts("?act=component.deleted&act=component.created")).hasSize(3);
        assertThat(acts("?act=agent.revoked")).isEmpty();
        assertThat(sentences("?actor=" + anna.toUpperCase(java.util.Locale.ROOT)))
                .containsExactly("Made the component Mail 100%");
        assertThat(sentences("?actor=" + actorId(other)))
                .containsExactly("Deleted the component Web", "Made the component Web");
        assertThat(sentences("?subject=" + web)).hasSize(2);
        assertThat(sentences("?subject=100%25")).containsExactly("Made the component Mail 100%");
        assertThat(sentences("?subject=_")).isEmpty();
        String at = owner.get(PATH).json().at("/items/0/at").asString();
        assertThat(sentences("?from=" + at)).containsExactly("Deleted the component Web");
        assertThat(sentences("?to=" + at)).hasSize(2);
        assertThat(sentences("?from=%2B999999999-12-31T00:00:00Z")).isEmpty();
        assertThat(owner.get(PATH + "?act=Drop+table").code()).isEqualTo("invalid-parameter");
        assertThat(owner.get(PATH + "?actor=" + "x".repeat(301)).code()).isEqualTo("invalid-parameter");
    }

    @Test
    void itComesInPagesNewestFirst() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            owner.post("/api/v1/components", Map.of("name", "c" + i));
            expected.addFirst("Made the component c" + i);
        }
        List<String> found = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = owner.get(PATH + "?limit=2&cursor=" + cursor).json();
            page.get("items").forEach(item -> found.add(item.get("sentence").asString()));
            cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : "";
            pages++;
        } while (!cursor.isEmpty());

        assertThat(found).isEqualTo(expected);
        assertThat(pages).isEqualTo(3);
        assertThat(owner.get(PATH + "?cursor=nonsense").code()).isEqualTo("invalid-cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/export?format=csv", "/export?format=jsonl"})
    void anotherTenantsRecordIsNeverSeen(String rest) {
        String id = owner.post("/api/v1/components", Map.of("name", "Canary of A"))
                .json()
                .get("id")
                .asString();
        ApiClient other = people.member(Role.OWNER);
        String all = PATH + rest;
        String filtered = all + (rest.isEmpty() ? "?" : "&") + "subject=";

        assertThat(other.get(all).text()).doesNotContain("Canary of A").doesNotContain(id);
        assertThat(withoutExports(other.get(filtered + id)))
                .isEqualTo(withoutExports(other.get(filtered + UUID.randomUUID())));
        assertThat(other.with("Postwatch-Tenant", owner.tenant().toString())
                        .get(all)
                        .code())
                .isEqualTo("not-found");
        assertThat(owner.get(filtered + id).text()).contains("Canary of A");
    }

    /** What is found by a subject's id holds no export of the record itself. */
    private static String withoutExports(Answer answer) {
        assertThat(answer.text()).doesNotContain("audit.exported");
        return answer.text();
    }

    @Test
    void itIsExportedAsLinesOfJson() {
        owner.post("/api/v1/components", Map.of("name", "Mail"));
        owner.post("/api/v1/components", Map.of("name", "Web"));
        String page = owner.get(PATH).text();

        Answer export = owner.get(PATH + "/export?format=jsonl");

        assertThat(export.header("Content-Type")).isEqualTo("application/jsonl");
        assertThat(export.header("Content-Disposition")).isEqualTo("attachment; filename=\"postwatch-audit.jsonl\"");
        List<JsonNode> lines =
                export.text().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(page).contains(line.toString()));
        assertThat(acts("?act=audit.exported")).containsExactly("audit.exported");
    }

    @Test
    void itIsExportedAsCsvThatCalculatesNothing() {
        owner.post("/api/v1/components", Map.of("name", "=HYPERLINK(\"http://x\")"));

        Answer export = owner.get(PATH + "/export?format=csv&act=component.created");

        assertThat(export.header("Content-Type")).startsWith("text/csv").containsIgnoringCase("charset=utf-8");
        List<String> lines = List.of(export.text().split("\r\n"));
        assertThat(lines.getFirst()).startsWith("\"id\",\"at\",\"actorKind\"");
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast())
                .contains(",\"user\",", "\"component.created\"", ",\"'=HYPERLINK(\"\"http://x\"\")\",");
        assertThat(owner.get(PATH + "/export?format=xml").code()).isEqualTo("invalid-parameter");
        assertThat(owner.get(PATH + "/export").code()).isEqualTo("invalid-parameter");
    }

    @Test
    void anExportHasEveryPart() {
        int entries = 2 * AuditExport.PART + 1;
        transactions.run(owner.tenant(), () -> {
            for (int i = 0; i < entries; i++) {
                audit.record(AuditEntry.by(
                        Actor.SYSTEM, owner.tenant(), Act.MONITOR_PAUSED, new UUID(0, i), "monitor " + i));
            }
        });

        assertThat(owner.get(PATH + "/export?format=jsonl").text().lines().distinct())
                .hasSize(entries);
        assertThat(owner.get(PATH + "/export?format=csv&act=monitor.paused")
                        .text()
                        .lines()
                        .distinct())
                .hasSize(entries + 1);
    }

    /** An answer that ended in order would be taken for the whole. */
    @Test
    void anExportThatFailsHalfwayIsCut() {
        transactions.run(owner.tenant(), () -> {
            for (int i = 0; i < AuditExport.PART; i++) {
                audit.record(AuditEntry.by(
                        Actor.SYSTEM, owner.tenant(), Act.MONITOR_PAUSED, new UUID(0, i), "monitor " + i));
            }
            // No object of JSON has a field without a name.
            jdbc.sql("""
                            INSERT INTO audit_entry (tenant_id, entry_id, at, actor_kind, actor_name, act, subject_kind,
                                subject_name, detail_names, detail_values)
                            VALUES (?, ?, '2026-01-01T00:00:00Z', 'system', 'x', 'monitor.paused', 'monitor', 'x', '{NULL}', '{x}')
                            """).params(owner.tenant().value(), new UUID(5, 5)).update();
        });

        assertThatThrownBy(() -> owner.get(PATH + "/export?format=jsonl")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void theActsAreToldToThoseWhoFilter() {
        JsonNode acts = owner.get(PATH + "/acts").json().get("items");

        assertThat(acts).hasSize(Act.values().length);
        assertThat(acts.toString()).contains("{\"code\":\"agent.revoked\",\"title\":\"Revoked the agent …\"}");
    }

    private List<String> sentences(String query) {
        return texts(query, "sentence");
    }

    private List<String> acts(String query) {
        return texts(query, "act");
    }

    private List<String> texts(String query, String field) {
        Answer answer = owner.get(PATH + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<String> texts = new ArrayList<>();
        answer.json().get("items").forEach(item -> texts.add(item.get(field).asString()));
        return texts;
    }

    private static String email(ApiClient client) {
        return client.get("/api/v1/session").json().at("/user/email").asString();
    }

    private static String actorId(ApiClient client) {
        return client.get("/api/v1/session").json().at("/user/id").asString();
    }

    private static Map<String, Object> monitor(String host, String password) {
        return Map.of(
                "type",
                "imap",
                "host",
                host,
                "name",
                "Inbox",
                "credentials",
                Map.of("username", "probe", "password", password));
    }
}
