package io.postwatch.controller.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AddressFamily;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Failure;
import io.postwatch.proto.agent.v1.FailureCategory;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Status;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Monitors that check IPv4 and IPv6, each by itself, from the request to the status. */
class AddressFamiliesTest extends GatewayTest {
    AddressFamiliesTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void eachFamilyIsAnAssignmentOfItsOwnHalfAPeriodApartAndRunsAtOnce() {
        ScriptedAgent.Stream stream = connectedWithIpv6();
        String monitor = create("both");

        Map<AddressFamily, Assignment> assigned =
                byFamily(stream.hear(MessageCase.DELTA).getDelta());
        assertThat(assigned).containsOnlyKeys(AddressFamily.ADDRESS_FAMILY_IPV4, AddressFamily.ADDRESS_FAMILY_IPV6);
        Assignment ipv4 = of(assigned, AddressFamily.ADDRESS_FAMILY_IPV4);
        Assignment ipv6 = of(assigned, AddressFamily.ADDRESS_FAMILY_IPV6);
        assertThat(Math.abs(millis(ipv4) - millis(ipv6))).isEqualTo(30_000);
        stream.hear(MessageCase.TRIGGERED_RUN, 1);
        assertThat(stream.all(MessageCase.TRIGGERED_RUN))
                .extracting(message -> message.getTriggeredRun().getSeries())
                .containsExactlyInAnyOrder(ipv4.getSeries(), ipv6.getSeries());

        JsonNode families = get(monitor).at("/status/locations/0/families");
        Instant next4 = Instant.parse(families.at("/0/nextRunAt").asString("1970-01-01T00:00:00Z"));
        assertThat(families.at("/0/addressFamily").asString()).isEqualTo("ipv4");
        assertThat(families.at("/1/addressFamily").asString()).isEqualTo("ipv6");
        assertThat(families.at("/0/sync").asString()).isEqualTo("pending");
        assertThat(next4).as("pending: nothing is due").isEqualTo(Instant.EPOCH);
    }

    @Test
    void aFamilyThatFailsShowsWhileTheOtherOneIsFine() {
        ScriptedAgent.Stream stream = connectedWithIpv6();
        String monitor = create("both");
        Delta delta = stream.hear(MessageCase.DELTA).getDelta();
        Map<AddressFamily, Assignment> assigned = byFamily(delta);
        stream.applied(delta.getRevision(), delta.getHash());
        long ipv4 = of(assigned, AddressFamily.ADDRESS_FAMILY_IPV4).getSeries();
        long ipv6 = of(assigned, AddressFamily.ADDRESS_FAMILY_IPV6).getSeries();
        Instant now = now();
        stream.results(1, ScriptedAgent.ok(ipv4, 1, now), refused(ipv6, now));
        stream.hear(MessageCase.ACK);

        JsonNode status = get(monitor).get("status");
        assertThat(status.get("status").asString()).isEqualTo("ERROR");
        assertThat(status.get("sentence").asString()).isEqualTo("IPv6: Connection refused");
        assertThat(status.get("failingLocations").asInt()).isOne();
        JsonNode paris = status.at("/locations/0");
        assertThat(paris.get("status").asString()).isEqualTo("ERROR");
        assertThat(paris.at("/failure/code").asString()).isEqualTo("connection-refused");
        assertThat(paris.at("/families/0/status").asString()).isEqualTo("OK");
        assertThat(paris.at("/families/0/lastResult/addressFamily").asString()).isEqualTo("ipv4");
        assertThat(paris.at("/families/1/status").asString()).isEqualTo("ERROR");
        assertThat(paris.at("/families/1/lastResult/addressFamily").asString()).isEqualTo("ipv6");
        assertThat(paris.has("lastResult")).isFalse();
        JsonNode listed = owner.get("/api/v1/monitors").json().at("/items/0/status/locations/0");
        assertThat(listed.get("status").asString()).isEqualTo("ERROR");
        assertThat(listed.at("/families/1").has("lastResult")).isFalse();

        assertThat(families(results(monitor))).containsExactlyInAnyOrder("ipv4", "ipv6");
        assertThat(families(results(monitor, "addressFamily=ipv6"))).containsExactly("ipv6");
        assertThat(results(monitor, "addressFamily=any")).isEmpty();
        assertThat(owner.get(path(monitor) + "/results?addressFamily=both").code())
                .isEqualTo("invalid-parameter");
        assertThat(owner.get(path(monitor) + "/series").json().get("series").valueStream())
                .extracting(series -> series.get("addressFamily").asString())
                .containsExactlyInAnyOrder("ipv4", "ipv6");
    }

    @Test
    void anotherTenantSeesNeitherFamily() {
        ScriptedAgent.Stream stream = connectedWithIpv6();
        String monitor = create("both");
        Assignment one = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        stream.results(1, ScriptedAgent.ok(one.getSeries(), 1, now()));
        stream.hear(MessageCase.ACK);
        String test = startTest().header("Location");
        ApiClient stranger = people.member(Role.OWNER);

        for (String path : List.of(
                path(monitor) + "/results?addressFamily=ipv4", path(monitor) + "/series", path(monitor), test)) {
            assertThat(stranger.get(path).code()).as(path).isEqualTo("not-found");
        }
        assertThat(owner.get(test).status()).isEqualTo(200);
    }

    @Test
    void changingTheFamiliesEndsSeriesAndBeginsOthersAndKeepsTheirHistory() {
        ScriptedAgent.Stream stream = connectedWithIpv6();
        String monitor = create("any");
        Assignment any = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant now = now();
        stream.results(1, ScriptedAgent.ok(any.getSeries(), 1, now.minusSeconds(60)));
        stream.hear(MessageCase.ACK);

        assertThat(owner.put(path(monitor), body("both")).status()).isEqualTo(200);

        Delta parted = stream.hear(MessageCase.DELTA, 1).getDelta();
        assertThat(parted.getWithdrawnSeriesList()).containsExactly(any.getSeries());
        Map<AddressFamily, Assignment> assigned = byFamily(parted);
        assertThat(assigned).hasSize(2);
        stream.hear(MessageCase.TRIGGERED_RUN, 2);
        JsonNode waiting = get(monitor).get("status");
        assertThat(waiting.get("status").asString()).as("what was is no news").isEqualTo("NO_DATA");
        assertThat(waiting.at("/locations/0/families")).hasSize(2);
        long ipv6 = of(assigned, AddressFamily.ADDRESS_FAMILY_IPV6).getSeries();
        stream.results(2, ScriptedAgent.ok(ipv6, 2, now));
        stream.hear(MessageCase.ACK, 1);
        assertThat(families(results(monitor))).containsExactly("ipv6", "any");
        assertThat(owner.get(path(monitor) + "/series").json().get("series").valueStream())
                .extracting(series -> series.get("addressFamily").asString() + " "
                        + series.get("points").size())
                .containsExactlyInAnyOrder("any 1", "ipv4 0", "ipv6 1");

        assertThat(owner.put(path(monitor), body("any")).status()).isEqualTo(200);

        Delta joined = stream.hear(MessageCase.DELTA, 2).getDelta();
        assertThat(joined.getWithdrawnSeriesCount()).isEqualTo(2);
        assertThat(joined.getAssigned(0).getSeries())
                .as("the series of before goes on")
                .isEqualTo(any.getSeries());
        JsonNode again = get(monitor).at("/status/locations/0");
        assertThat(again.has("families")).isFalse();
        assertThat(again.get("status").asString()).isEqualTo("OK");
        assertThat(owner.get(path(monitor) + "/series").json().get("series").valueStream())
                .as("an ended one without points is not shown")
                .extracting(series -> series.get("addressFamily").asString())
                .containsExactlyInAnyOrder("any", "ipv6");
    }

    @Test
    void aPlaceWithoutIpv6SaysSoAndChecksTheRest() {
        ScriptedAgent.Stream stream = connected();
        String monitor = create("both");

        assertThat(byFamily(stream.hear(MessageCase.DELTA).getDelta()))
                .containsOnlyKeys(AddressFamily.ADDRESS_FAMILY_IPV4);

        JsonNode paris = get(monitor).at("/status/locations/0");
        assertThat(paris.get("sync").asString()).isEqualTo("no-agent");
        assertThat(paris.get("syncMessage").asString()).isEqualTo("IPv6: No agent of this location is able to run it");
        assertThat(paris.at("/families/0/sync").asString()).isEqualTo("pending");
        JsonNode test = startTest().json();
        assertThat(test.at("/outcomes/1/addressFamily").asString()).isEqualTo("ipv6");
        assertThat(test.at("/outcomes/1/state").asString()).isEqualTo("failed");
        assertThat(test.at("/outcomes/1/message").asString()).isEqualTo("No agent of this location has IPv6.");
    }

    @Test
    void aMonitorTestHasAnOutcomeForEachFamily() throws Exception {
        ScriptedAgent agent = newAgent().withIpv6();
        agent.enrol(token());
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        String path = startTest().header("Location");

        stream.hear(MessageCase.RUN_TEST, 1);
        Map<AddressFamily, RunTest> orders = stream.all(MessageCase.RUN_TEST).stream()
                .map(ControllerMessage::getRunTest)
                .collect(Collectors.toMap(order -> order.getCheck().getAddressFamily(), order -> order));
        assertThat(orders).hasSize(2);
        assertThat(orders.values()).extracting(RunTest::getTestId).doesNotHaveDuplicates();
        for (RunTest order : orders.values()) {
            assertThat(open(agent, order.getSecret(), order.getTestId()).getPassword())
                    .isEqualTo(CANARY);
        }
        answer(stream, of(orders, AddressFamily.ADDRESS_FAMILY_IPV6), refused(0, now()));
        await().atMost(5, SECONDS)
                .until(() -> owner.get(path)
                        .json()
                        .at("/outcomes/1/state")
                        .asString()
                        .equals("done"));
        JsonNode half = owner.get(path).json();
        assertThat(half.get("state").asString()).isEqualTo("running");
        assertThat(half.at("/outcomes/0/state").asString()).isEqualTo("running");
        answer(stream, of(orders, AddressFamily.ADDRESS_FAMILY_IPV4), ScriptedAgent.ok(0, 0, now()));

        await().atMost(5, SECONDS)
                .until(() -> owner.get(path).json().get("state").asString().equals("done"));
        assertThat(owner.get(path).json().get("outcomes").valueStream())
                .extracting(outcome -> outcome.get("addressFamily").asString() + " "
                        + outcome.at("/result/addressFamily").asString() + " "
                        + outcome.at("/result/status").asString())
                .containsExactly("ipv4 ipv4 OK", "ipv6 ipv6 ERROR");
    }

    @Test
    void anAddressHasOneFamilyOnly() {
        Map<String, Object> body = body("both");
        body.put("host", "192.0.2.1");
        var refused = owner.post("/api/v1/monitors", body);

        assertThat(refused.code()).isEqualTo("invalid-fields");
        assertThat(refused.json().at("/fieldErrors/0/field").asString()).isEqualTo("addressFamily");
        assertThat(refused.json().at("/fieldErrors/0/message").asString())
                .isEqualTo("The host is an IPv4 address, which has no other family: give a host name to check both");
    }

    private ScriptedAgent.Stream connectedWithIpv6() {
        ScriptedAgent agent = newAgent().withIpv6();
        agent.enrol(token());
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        return stream;
    }

    private ApiClient.Answer startTest() {
        Map<String, Object> monitor = body("both");
        monitor.put("credentials", Map.of("username", "alice", "password", CANARY));
        var started = owner.post("/api/v1/monitor-tests", Map.of("monitor", monitor));
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        return started;
    }

    private String create(String families) {
        var made = owner.post("/api/v1/monitors", body(families));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("addressFamily").asString()).isEqualTo(families);
        return made.json().get("id").asString();
    }

    private Map<String, Object> body(String families) {
        Map<String, Object> body = new LinkedHashMap<>(monitor(null));
        body.put("addressFamily", families);
        return body;
    }

    private JsonNode get(String monitor) {
        return owner.get(path(monitor)).json();
    }

    private static String path(String monitor) {
        return "/api/v1/monitors/" + monitor;
    }

    private List<JsonNode> results(String monitor, String query) {
        return owner.get(path(monitor) + "/results?" + query)
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    private static List<String> families(List<JsonNode> results) {
        return results.stream()
                .map(result -> result.get("addressFamily").asString())
                .toList();
    }

    private static Map<AddressFamily, Assignment> byFamily(Delta delta) {
        return delta.getAssignedList().stream()
                .collect(Collectors.toMap(assignment -> assignment.getCheck().getAddressFamily(), one -> one));
    }

    private static <T> T of(Map<AddressFamily, T> all, AddressFamily family) {
        T one = all.get(family);
        if (one == null) {
            throw new AssertionError("No " + family + " among " + all.keySet());
        }
        return one;
    }

    private static void answer(ScriptedAgent.Stream stream, RunTest order, RunResult result) {
        ByteString id = order.getTestId();
        stream.say(AgentMessage.newBuilder()
                .setTestOutcome(TestOutcome.newBuilder().setTestId(id).setResult(result)));
    }

    private static RunResult refused(long series, Instant at) {
        return ScriptedAgent.ok(series, series == 0 ? 0 : 1, at).toBuilder()
                .setStatus(Status.STATUS_ERROR)
                .setFailure(Failure.newBuilder()
                        .setCategory(FailureCategory.FAILURE_CATEGORY_CONNECT)
                        .setCode(FailureCode.FAILURE_CODE_CONNECTION_REFUSED)
                        .setPhase(Phase.PHASE_CONNECT)
                        .setMessage("Connection refused"))
                .build();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static long millis(Assignment assignment) {
        return assignment.getAnchor().getSeconds() * 1000
                + assignment.getAnchor().getNanos() / 1_000_000;
    }
}
