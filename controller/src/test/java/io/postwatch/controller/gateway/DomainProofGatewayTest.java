package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.Texts;
import io.postwatch.proto.agent.v1.TextsFound;
import io.postwatch.proto.agent.v1.TextsUnknown;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Domains that tenants prove, from the claim over the agents' answers to what public locations do. */
class DomainProofGatewayTest extends GatewayTest {
    private ApiClient operator;
    private ApiClient customer;
    private String customersPlace = "";
    private final List<String> places = new ArrayList<>();
    private final List<ScriptedAgent.Stream> streams = new ArrayList<>();
    private final List<String> monitors = new ArrayList<>();
    private final String domain = "d" + UUID.randomUUID() + ".example";

    DomainProofGatewayTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
        operator = people.anonymous();
        customer = people.anonymous();
    }

    @BeforeEach
    void openPublicLocations() {
        customer = owner;
        customersPlace = location;
        operator = people.member(Role.OPERATOR);
        for (int i = 0; i < 3; i++) {
            String place = operator.post(
                            "/api/v1/locations", Map.of("name", "Public " + UUID.randomUUID(), "country", "DE"))
                    .json()
                    .get("id")
                    .asString();
            places.add(place);
            owner = operator;
            location = place;
            ScriptedAgent.Stream stream =
                    enrolled().withPublicAddressesOnly().connect().greet();
            stream.hear(MessageCase.SNAPSHOT);
            streams.add(stream);
            assertThat(operator.post("/api/v1/locations/" + place + "/open", null)
                            .status())
                    .isEqualTo(200);
        }
        owner = customer;
        location = customersPlace;
    }

    /** Other tests find a platform without public locations. */
    @AfterEach
    void leaveNothing() {
        monitors.forEach(monitor -> customer.delete("/api/v1/monitors/" + monitor));
        for (String place : places) {
            operator.get("/api/v1/agents?locationId=" + place)
                    .json()
                    .get("items")
                    .valueStream()
                    .map(agent -> "/api/v1/agents/" + agent.get("id").asString())
                    .forEach(agent -> {
                        operator.post(agent + "/revoke", null);
                        assertThat(operator.delete(agent).status()).isEqualTo(204);
                    });
            assertThat(operator.delete("/api/v1/locations/" + place).status()).isEqualTo(204);
        }
    }

    @Test
    void aDomainIsProvenByWhatMostAgentsSee() {
        JsonNode claim = claim(customer);
        String value = claim.get("recordValue").asString();
        assertThat(claim.get("recordName").asString()).isEqualTo("_postwatch-challenge." + domain);
        assertThat(claim.get("state").asString()).isEqualTo("claimed");
        assertThat(claim.get("sentence").asString()).contains("publish it, then check");

        JsonNode proven = look(claim, found(value, "v=spf1 -all"), found(value), nothing());

        assertThat(proven.get("state").asString()).isEqualTo("proven");
        assertThat(proven.get("places")
                        .valueStream()
                        .map(place -> place.get("answer").asString()))
                .containsExactlyInAnyOrder("present", "present", "absent");
        assertThat(proven.get("places").toString()).contains("v=spf1 -all");
        assertThat(customer.get("/api/v1/audit?subject=" + claim.get("id").asString())
                        .text())
                .contains("domain-proof.claimed", "domain-proof.proven");
    }

    @Test
    void whatTooFewSeeOrNobodyCanTellProvesNothing() {
        JsonNode claim = claim(customer);
        String value = claim.get("recordValue").asString();

        assertThat(look(claim, found(value), nothing(), nothing())
                        .get("sentence")
                        .asString())
                .contains("at 1 of 3 places");
        assertThat(look(claim, unknown(), unknown(), found(value)).get("state").asString())
                .isEqualTo("claimed");
        assertThat(look(claim, alias(), alias(), alias()).get("sentence").asString())
                .contains("alias (CNAME) of host.example.net");
        assertThat(look(claim, found("another"), found("another"), nothing())
                        .get("sentence")
                        .asString())
                .contains("another value");
        assertThat(look(claim, unknown(), unknown(), unknown()).get("sentence").asString())
                .contains("which proves nothing");
    }

    @Test
    void whatProvesItToOneTenantIsNothingToAnotherWhoSeesNothingOfIt() {
        JsonNode claim = claim(customer);
        String path = "/api/v1/domain-proofs/" + claim.get("id").asString();
        String value = claim.get("recordValue").asString();
        assertThat(look(claim, found(value), found(value), found(value))
                        .get("state")
                        .asString())
                .isEqualTo("proven");
        ApiClient other = people.member(Role.OWNER);

        assertThat(other.get(path).code()).isEqualTo("not-found");
        assertThat(other.post(path + "/check", null).code()).isEqualTo("not-found");
        assertThat(other.delete(path).code()).isEqualTo("not-found");
        assertThat(other.get("/api/v1/domain-proofs").json().get("items").size())
                .isZero();
        JsonNode theirs = claim(other);
        assertThat(theirs.get("recordValue").asString()).isNotEqualTo(value);
        customer = other;
        assertThat(look(theirs, found(value), found(value), found(value))
                        .get("state")
                        .asString())
                .isEqualTo("claimed");
        assertThat(other.post("/api/v1/monitors", login()).text()).contains("domain-proof-required");
    }

    @Test
    void aLoginOrARecipientWithoutProofIsRefusedAtItsFieldWhereItWouldRunAtPublicLocations() {
        var refused = customer.post("/api/v1/monitors", login());
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        JsonNode error = refused.json().at("/fieldErrors/0");
        assertThat(error.get("field").asString()).isEqualTo("credentials.username");
        assertThat(error.get("code").asString()).isEqualTo("domain-proof-required");
        assertThat(error.get("message").asString())
                .contains("once " + domain + " is proven", "under Domains", "private locations");

        var recipient = customer.post(
                "/api/v1/monitors", Map.of("type", "smtp", "host", "mail.example.org", "recipient", "anna@" + domain));
        assertThat(recipient.json().at("/fieldErrors/0/field").asString()).isEqualTo("recipient");
        var local = customer.post(
                "/api/v1/monitors",
                Map.of(
                        "type",
                        "imap",
                        "host",
                        "mail.example.org",
                        "credentials",
                        Map.of("username", "anna", "password", CANARY)));
        assertThat(local.json().at("/fieldErrors/0/code").asString()).isEqualTo("domain-not-provable");
        assertThat(refused.text() + local.text()).doesNotContain(CANARY);

        createMonitorHere();
    }

    /** At the tenant's own location every check is made. */
    private void createMonitorHere() {
        var made = customer.post("/api/v1/monitors", monitor(Map.of("username", "anna", "password", CANARY)));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        monitors.add(made.json().get("id").asString());
    }

    @Test
    void aProofLetsPublicLocationsLogInAndItsEndStopsThem() {
        JsonNode claim = claim(customer);
        String value = claim.get("recordValue").asString();
        look(claim, found(value), found(value), found(value));
        var made = customer.post("/api/v1/monitors", login());
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String monitor = "/api/v1/monitors/" + made.json().get("id").asString();
        monitors.add(made.json().get("id").asString());
        awaitRunningEverywhere(true);
        assertThat(customer.get("/api/v1/domain-proofs/" + claim.get("id").asString())
                        .json()
                        .get("monitors")
                        .asInt())
                .isOne();

        lapse(claim);
        assertThat(customer.put(monitor, login()).text()).contains("domain-proof-required");
        assertThat(look(claim, nothing(), nothing(), nothing()).get("state").asString())
                .isEqualTo("lapsed");

        awaitRunningEverywhere(false);
        JsonNode status = customer.get(monitor).json().at("/status/locations/0");
        assertThat(status.get("sync").asString()).isEqualTo("not-proven");
        assertThat(status.get("syncMessage").asString()).contains("once " + domain + " is proven to be yours");
        assertThat(customer.get("/api/v1/audit?subject=" + claim.get("id").asString())
                        .text())
                .contains("domain-proof.lapsed");

        look(claim, found(value), found(value), found(value));
        awaitRunningEverywhere(true);
        assertThat(customer.delete("/api/v1/domain-proofs/" + claim.get("id").asString())
                        .status())
                .isEqualTo(204);
        awaitRunningEverywhere(false);
    }

    @Test
    void aTestAtAPublicLocationSaysWhyItIsNotMadeAndRunsAtOnesOwn() {
        ScriptedAgent.Stream own = connected();

        var started = customer.post(
                "/api/v1/monitor-tests",
                Map.of("monitor", login(), "locationIds", List.of(places.getFirst(), customersPlace)));

        assertThat(started.status()).as(started.text()).isEqualTo(202);
        own.hear(MessageCase.RUN_TEST);
        JsonNode refused = started.json()
                .get("outcomes")
                .valueStream()
                .filter(outcome -> outcome.get("locationId").asString().equals(places.getFirst()))
                .findFirst()
                .orElseThrow();
        assertThat(refused.get("state").asString()).isEqualTo("failed");
        assertThat(refused.get("message").asString()).contains("once " + domain + " is proven to be yours");
        streams.forEach(stream -> assertThat(stream.all(MessageCase.RUN_TEST)).isEmpty());
    }

    @Test
    void agentsThatWereNotAskedAnswerNothing() {
        JsonNode claim = claim(customer);
        String value = claim.get("recordValue").asString();
        String path = "/api/v1/domain-proofs/" + claim.get("id").asString();
        ScriptedAgent.Stream stranger = connected();
        customer.post(path + "/check", null);
        LookUpTexts asked = streams.getFirst().hear(MessageCase.LOOK_UP_TEXTS).getLookUpTexts();

        stranger.say(answer(asked, found(value)));
        assertThatItStands(stranger);

        assertThat(stranger.all(MessageCase.LOOK_UP_TEXTS))
                .as("private agents are not asked")
                .isEmpty();
        assertThat(customer.get(path).json().get("places").toString()).doesNotContain("present");
    }

    @Test
    void aDomainIsClaimedOnceAndMustBeOne() {
        claim(customer);
        assertThat(customer.post("/api/v1/domain-proofs", Map.of("domain", domain.toUpperCase(java.util.Locale.ROOT)))
                        .code())
                .isEqualTo("name-taken");
        for (String bad : List.of("", "localhost", "192.0.2.1", "an na.example", "anna@example.org")) {
            var refused = customer.post("/api/v1/domain-proofs", Map.of("domain", bad));
            assertThat(refused.json().at("/fieldErrors/0/code").asString())
                    .as(bad)
                    .isEqualTo("bad-domain");
        }
    }

    @Test
    void aTenantLooksOnlySoOftenAMinuteWhicheverDomainsItClaimsAndWithdraws() {
        for (int i = 0; i < 30; i++) {
            String path = "/api/v1/domain-proofs/"
                    + customer.post("/api/v1/domain-proofs", Map.of("domain", "d" + i + "." + domain))
                            .json()
                            .get("id")
                            .asString();
            assertThat(customer.post(path + "/check", null).status()).isEqualTo(202);
            assertThat(customer.delete(path).status()).isEqualTo(204);
        }

        var refused = customer.post(
                "/api/v1/domain-proofs/" + claim(customer).get("id").asString() + "/check", null);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("too-many-requests");
    }

    /** Whether the public agents are to run the monitor of this domain's server. */
    private void awaitRunningEverywhere(boolean running) {
        for (ScriptedAgent.Stream stream : streams) {
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> ofThisDomain(stream).isEmpty() != running);
        }
    }

    private Set<Long> ofThisDomain(ScriptedAgent.Stream stream) {
        Set<Long> series = new HashSet<>();
        for (ControllerMessage message : stream.all(MessageCase.DELTA)) {
            message.getDelta().getAssignedList().stream()
                    .filter(assigned -> assigned.getCheck().getHost().equals("mail." + domain))
                    .forEach(assigned -> series.add(assigned.getSeries()));
            message.getDelta().getWithdrawnSeriesList().forEach(series::remove);
        }
        return series;
    }

    private JsonNode claim(ApiClient who) {
        var claimed = who.post("/api/v1/domain-proofs", Map.of("domain", domain));
        assertThat(claimed.status()).as(claimed.text()).isEqualTo(201);
        return claimed.json();
    }

    private Map<String, Object> login() {
        return Map.of(
                "type",
                "imap",
                "host",
                "mail." + domain,
                "locations",
                Map.of("allPublic", true),
                "credentials",
                Map.of("username", "anna@" + domain, "password", CANARY));
    }

    /** As if the record had been gone for long. */
    private void lapse(JsonNode claim) {
        int changed = system.call(() -> jdbc.sql("UPDATE domain_proof SET missing_since = seen_at - interval '8 days',"
                        + " checked_at = seen_at - interval '2 days' WHERE proof_id = ?")
                .param(UUID.fromString(claim.get("id").asString()))
                .update());
        assertThat(changed).isOne();
    }

    /** A look that these agents answer; the claim once it is over. */
    private JsonNode look(JsonNode claim, TextsFound.Builder... answers) {
        String path = "/api/v1/domain-proofs/" + claim.get("id").asString();
        answerNext(answers[0], answers[1], answers[2], () -> {
            var begun = customer.post(path + "/check", null);
            assertThat(begun.status()).as(begun.text()).isEqualTo(202);
            assertThat(begun.json().get("checking").asBoolean()).isTrue();
        });
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> !customer.get(path).json().get("checking").asBoolean());
        return customer.get(path).json();
    }

    private void answerNext(
            TextsFound.Builder first, TextsFound.Builder second, TextsFound.Builder third, Runnable begin) {
        List<Integer> before = streams.stream()
                .map(stream -> stream.all(MessageCase.LOOK_UP_TEXTS).size())
                .toList();
        begin.run();
        List<TextsFound.Builder> answers = List.of(first, second, third);
        for (int i = 0; i < streams.size(); i++) {
            ScriptedAgent.Stream stream = streams.get(i);
            LookUpTexts asked =
                    stream.hear(MessageCase.LOOK_UP_TEXTS, before.get(i)).getLookUpTexts();
            assertThat(asked.getName()).isEqualTo("_postwatch-challenge." + domain);
            stream.say(answer(asked, answers.get(i)));
        }
    }

    private static AgentMessage.Builder answer(LookUpTexts asked, TextsFound.Builder answer) {
        return AgentMessage.newBuilder().setTextsFound(answer.setLookupId(asked.getLookupId()));
    }

    private static TextsFound.Builder found(String... texts) {
        return TextsFound.newBuilder().setTexts(Texts.newBuilder().addAllTexts(List.of(texts)));
    }

    private static TextsFound.Builder nothing() {
        return found();
    }

    private static TextsFound.Builder alias() {
        return TextsFound.newBuilder().setTexts(Texts.newBuilder().setAliasOf("host.example.net"));
    }

    private static TextsFound.Builder unknown() {
        return TextsFound.newBuilder().setUnknown(TextsUnknown.newBuilder().setReason("192.0.2.53 answered SERVFAIL"));
    }
}
