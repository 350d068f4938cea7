package io.postwatch.controller.result;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.certificate.Certificates;
import io.postwatch.controller.certificate.TestCertificates;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.ApiClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Results, series and status over HTTP, of a monitor with two private locations. */
@ControllerTest
class ResultApiTest {
    private static final AtomicLong SERIES = new AtomicLong(1_000_000);
    private static final byte[] LEAF = TestCertificates.der("CN=mail.example.org");

    private final TestPeople people;
    private final JdbcClient jdbc;
    private final SystemTransactions system;
    private final TenantTransactions tenants;
    private final Results results;
    private final Certificates certificates;
    private final IdSource ids;
    private final Instant now;

    private ApiClient viewer;
    private TenantId tenant = TenantId.PLATFORM;
    private String path = "";
    private UUID paris = new UUID(0, 0);
    private UUID rome = new UUID(0, 0);
    private SeriesId fromParis = new SeriesId(1);
    private SeriesId fromRome = new SeriesId(1);

    @Autowired
    ResultApiTest(
            TestPeople people,
            JdbcClient jdbc,
            SystemTransactions system,
            TenantTransactions tenants,
            Results results,
            Certificates certificates,
            IdSource ids,
            InstantSource clock) {
        this.people = people;
        this.jdbc = jdbc;
        this.system = system;
        this.tenants = tenants;
        this.results = results;
        this.certificates = certificates;
        this.ids = ids;
        this.now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        this.viewer = people.anonymous();
    }

    @BeforeEach
    void makeAMonitorAtTwoLocations() {
        ApiClient owner = people.member(Role.OWNER);
        tenant = owner.tenant();
        viewer = people.member(tenant, Role.VIEWER);
        paris = location("Paris");
        rome = location("Rome");
        String monitor = owner.post("/api/v1/monitors", Map.of("type", "imap", "host", "mail.example.org"))
                .json()
                .get("id")
                .asString();
        path = "/api/v1/monitors/" + monitor;
        fromParis = series(UUID.fromString(monitor), paris);
        fromRome = series(UUID.fromString(monitor), rome);
    }

    @Test
    void showsARunWithTranscriptAndChain() {
        system.run(() -> certificates.store(tenant, List.of(LEAF)));
        RunRecord run = aRun().of(fromParis)
                .at(now)
                .refusedLogin()
                .chain(5, CertificateView.fingerprint(LEAF), CertificateView.fingerprint(new byte[] {1}))
                .transcript("* OK ready", "a1 NO")
                .build();
        store(run);
        JsonNode listed = viewer.get(path + "/results").json().at("/items/0");
        assertThat(listed.has("transcript")).isFalse();
        assertThat(listed.get("hasTranscript").asBoolean()).isTrue();
        JsonNode shown =
                viewer.get(path + "/results/" + listed.get("id").asString()).json();
        assertThat(shown.get("sentence").asString())
                .isEqualTo("Login refused: the server said “535 5.7.8 authentication failed”");
        assertThat(shown.at("/failure/category").asString()).isEqualTo("auth");
        assertThat(shown.at("/failure/code").asString()).isEqualTo("login-refused");
        assertThat(shown.at("/failure/phase").asString()).isEqualTo("auth");
        assertThat(shown.at("/failure/fault").asString()).isEqualTo("settings");
        assertThat(shown.at("/phases/1/name").asString()).isEqualTo("auth");
        assertThat(shown.at("/phases/1/startMillis").asDouble()).isEqualTo(20.0);
        assertThat(shown.at("/phases/1/durationMillis").asDouble()).isEqualTo(2000.0);
        assertThat(shown.get("totalMillis").asDouble()).isEqualTo(184.0);
        assertThat(shown.get("remoteAddress").asString()).isEqualTo("2001:db8::25");
        assertThat(shown.at("/attempts/0/failureCode").asString()).isEqualTo("connection-refused");
        assertThat(shown.at("/tls/protocol").asString()).isEqualTo("TLSv1.3");
        assertThat(shown.at("/certificate/daysLeft").asInt()).isEqualTo(5);
        assertThat(shown.at("/certificate/fingerprints")).hasSize(2);
        assertThat(shown.at("/certificate/chain")).hasSize(1);
        assertThat(shown.at("/certificate/chain/0/subject").asString()).isEqualTo("CN=mail.example.org");
        assertThat(shown.at("/certificate/verdicts/0/code").asString()).isEqualTo("expires-soon");
        assertThat(shown.at("/transcript/1/text").asString()).isEqualTo("a1 NO");
        assertThat(shown.at("/transcript/1/direction").asString()).isEqualTo("server");
        assertThat(shown.get("discardedBytes").asInt()).isEqualTo(17);
        assertThat(shown.get("locationId").asString()).isEqualTo(paris.toString());
    }

    @Test
    void listsResultsInPagesAndByLocationStatusAndTime() {
        List<RunRecord> runs = new ArrayList<>();
        for (int minute = 0; minute < 5; minute++) {
            runs.add(aRun().of(fromParis).at(now.minusSeconds(60L * minute)).build());
            runs.add(aRun().of(fromRome)
                    .at(now.minusSeconds(60L * minute))
                    .failing(FailureCode.TIMEOUT)
                    .build());
        }
        store(runs.toArray(RunRecord[]::new));
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    viewer.get(path + "/results?limit=3&cursor=" + cursor).json();
            page.get("items").forEach(item -> seen.add(item.get("id").asString()));
            cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : "";
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(10).doesNotHaveDuplicates();
        assertThat(items("locationId=" + rome)).isEqualTo(5);
        assertThat(items("locationId=" + UUID.randomUUID())).isZero();
        assertThat(items("status=ERROR")).isEqualTo(5);
        assertThat(items("status=WARNING")).isZero();
        assertThat(items("from=" + now.minusSeconds(60) + "&to=" + now)).isEqualTo(2);
    }

    @Test
    void givesPointsForCharts() {
        store(
                aRun().of(fromParis).at(now.minusSeconds(60)).build(),
                aRun().of(fromParis)
                        .at(now.minusSeconds(120))
                        .failing(FailureCode.TIMEOUT)
                        .build());
        JsonNode answer = viewer.get(path + "/series?from=" + now.minusSeconds(600) + "&to=" + now)
                .json();
        assertThat(answer.get("from").asString())
                .isEqualTo(now.minusSeconds(600).toString());
        assertThat(answer.get("series")).hasSize(2);
        JsonNode first = answer.at("/series/0");
        assertThat(first.get("locationName").asString()).isEqualTo("Paris");
        assertThat(first.get("addressFamily").asString()).isEqualTo("any");
        assertThat(first.get("truncated").asBoolean()).isFalse();
        assertThat(first.at("/points/0/failureCode").asString()).isEqualTo("timeout");
        assertThat(first.at("/points/1/phases/tls").asDouble()).isEqualTo(60.0);
        assertThat(answer.at("/series/1/points")).isEmpty();
        assertThat(viewer.get(path + "/series?locationId=" + rome).json().get("series"))
                .hasSize(1);
    }

    @Test
    void theStatusComesFromTheLastResults() {
        store(
                aRun().of(fromParis)
                        .at(now)
                        .failing(FailureCode.CONNECTION_REFUSED)
                        .build(),
                aRun().of(fromRome)
                        .at(now)
                        .chain(40, CertificateView.fingerprint(LEAF))
                        .build());
        JsonNode status = viewer.get(path).json().get("status");
        assertThat(status.get("status").asString()).isEqualTo("OK");
        assertThat(status.get("sentence").asString()).isEqualTo("OK, failing from Paris only: Connection refused");
        assertThat(status.get("reportingLocations").asInt()).isEqualTo(2);
        assertThat(status.get("failingLocations").asInt()).isEqualTo(1);
        assertThat(status.get("certificateDaysLeft").asInt()).isEqualTo(40);
        assertThat(status.at("/locations/0/locationName").asString()).isEqualTo("Paris");
        assertThat(status.at("/locations/0/failure/code").asString()).isEqualTo("connection-refused");
        assertThat(status.at("/locations/0/lastResult/tls/protocol").asString()).isEqualTo("TLSv1.3");
        assertThat(status.at("/locations/0/sync").asString()).isEqualTo("no-agent");

        store(aRun().of(fromRome)
                .at(now.plusSeconds(1))
                .failing(FailureCode.TIMEOUT)
                .build());
        JsonNode listed =
                viewer.get("/api/v1/monitors?status=ERROR&sort=status").json().at("/items/0");
        assertThat(listed.at("/status/status").asString()).isEqualTo("ERROR");
        assertThat(listed.at("/status/sentence").asString()).startsWith("Failing from 2 of 2 reporting locations: ");
        assertThat(listed.at("/status/locations/0/lastResult").isMissingNode()).isTrue();
        assertThat(viewer.get("/api/v1/monitors?status=OK").json().get("items")).isEmpty();
        assertThat(viewer.get("/api/v1/monitors?locationId=" + rome).json().get("items"))
                .hasSize(1);
        assertThat(viewer.get("/api/v1/monitors/counts").text())
                .isEqualTo("{\"error\":1,\"warning\":0,\"noData\":0,\"ok\":0,\"paused\":0}");
    }

    @Test
    void anotherTenantSeesNothing() {
        store(aRun().of(fromParis).at(now).build());
        String id = viewer.get(path + "/results").json().at("/items/0/id").asString();
        ApiClient stranger = people.member(Role.OWNER);
        String own = "/api/v1/monitors/"
                + stranger.post("/api/v1/monitors", Map.of("type", "imap", "host", "mail.example.org"))
                        .json()
                        .get("id")
                        .asString();
        assertThat(stranger.get(own + "/results/" + id).code()).isEqualTo("not-found");
        assertThat(stranger.get(path + "/results/" + id).code()).isEqualTo("not-found");
        assertThat(stranger.get(own + "/results").json().get("items")).isEmpty();
        assertThat(stranger.get(own).text()).doesNotContain("Paris");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "0-0", "1-1", "99999999999999999999-1", "1-99999999999999999", "-1-1", "1-1-1"})
    void anUnknownResultIsNotFound(String id) {
        assertThat(viewer.get(path + "/results/" + id).code()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "/results?limit=0, invalid-parameter",
        "/results?limit=501, invalid-parameter",
        "/results?cursor=x, invalid-cursor",
        "/results?status=GOOD, invalid-parameter",
        "/results?locationId=x, invalid-parameter",
        "/results?from=yesterday, invalid-parameter",
        "/results?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, invalid-parameter",
        "/series?from=seven, invalid-parameter",
        "/series?to=x, invalid-parameter",
        "/series?locationId=x, invalid-parameter",
        "/series?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z, invalid-parameter",
    })
    void aWrongParameterIsRefused(String query, String code) {
        assertThat(viewer.get(path + query).code()).isEqualTo(code);
    }

    @Test
    void timesFarAwayDoNoHarm() {
        assertThat(viewer.get(path + "/results?from=-999999999-01-01T00:00:00Z&to=%2B999999999-01-01T00:00:00Z")
                        .status())
                .isEqualTo(200);
        assertThat(viewer.get(path + "/series?to=%2B999999999-01-01T00:00:00Z").status())
                .isEqualTo(200);
    }

    private int items(String query) {
        return viewer.get(path + "/results?" + query).json().get("items").size();
    }

    private Set<RunKey> store(RunRecord... runs) {
        return system.call(() -> results.store(Arrays.stream(runs)
                .map(run -> new SeriesRun(tenant, series(run), new AgentId(new UUID(1, 1)), run))
                .toList()));
    }

    private static SeriesId series(RunRecord run) {
        SeriesId series = run.series();
        if (series == null) {
            throw new IllegalArgumentException("A stored run has a series");
        }
        return series;
    }

    private UUID location(String name) {
        UUID id = ids.next();
        tenants.run(
                tenant,
                () -> jdbc.sql("""
                                INSERT INTO location
                                    (tenant_id, location_id, name, description, revision, created_at, updated_at)
                                VALUES (?, ?, ?, '', 1, ?, ?)
                                """)
                        .params(tenant.value(), id, name, now.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC))
                        .update());
        return id;
    }

    private SeriesId series(UUID monitor, UUID location) {
        SeriesId id = new SeriesId(SERIES.incrementAndGet());
        system.run(() -> jdbc.sql("""
                        INSERT INTO series (tenant_id, id, monitor_id, location_id, target, created_at)
                        VALUES (?, ?, ?, ?, 'any', ?)
                        """)
                .params(tenant.value(), id.value(), monitor, location, now.atOffset(ZoneOffset.UTC))
                .update());
        return id;
    }
}
