package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Load;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Agents of the platform: who is let in, what runs there, and what customers learn of it. */
class PublicAgentTest extends GatewayTest {
    private ApiClient operator;
    private ApiClient customer;
    private String customersPlace = "";
    private String here = "";

    PublicAgentTest(
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
    void prepareAPublicLocation() {
        customer = owner;
        customersPlace = location;
        operator = people.member(Role.OPERATOR);
        here = operator.post("/api/v1/locations", Map.of("name", "Public " + UUID.randomUUID(), "country", "DE"))
                .json()
                .get("id")
                .asString();
        actFor(operator, here);
    }

    /** What is shared with other tests acts for the owner. */
    private void actFor(ApiClient who, String where) {
        owner = who;
        location = where;
    }

    private String monitorAtAllPublicLocations() {
        return customer.post(
                        "/api/v1/monitors",
                        Map.of("type", "imap", "host", "mail.example.org", "locations", Map.of("allPublic", true)))
                .json()
                .get("id")
                .asString();
    }

    /** Other tests find a platform without public locations. */
    @AfterEach
    void leaveNothing() {
        operator.get("/api/v1/agents?locationId=" + here)
                .json()
                .get("items")
                .valueStream()
                .map(agent -> "/api/v1/agents/" + agent.get("id").asString())
                .forEach(agent -> {
                    operator.post(agent + "/revoke", null);
                    assertThat(operator.delete(agent).status()).isEqualTo(204);
                });
        assertThat(operator.delete("/api/v1/locations/" + here).status()).isIn(204, 404);
    }

    @Test
    void anAgentWithAPrivateReachIsNotLetInAndReadsWhy() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect();
        stream.say(stream.hello(agent.id(), 0, com.google.protobuf.ByteString.EMPTY));

        var goodbye = stream.hear(MessageCase.GOODBYE).getGoodbye();

        assertThat(goodbye.getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_UNSUITABLE);
        assertThat(goodbye.getMessage()).contains("public location", "--addresses-policy public");
        assertThat(stream.all(MessageCase.WELCOME)).isEmpty();
        assertThat(agentState(agent)).isEqualTo("never-connected");
    }

    @Test
    void theSameAgentIsLetInOnceItsHostKeepsItToPublicAddresses() {
        ScriptedAgent agent = enrolled();
        agent.withPublicAddressesOnly().connect().greet();

        assertThat(agentState(agent)).isEqualTo("online");
    }

    @Test
    void monitorsAtAllPublicLocationsRunThereOnceItIsOpen() {
        ScriptedAgent.Stream stream =
                enrolled().withPublicAddressesOnly().connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        String monitor = monitorAtAllPublicLocations();
        assertThat(stream.all(MessageCase.DELTA))
                .as("nothing runs where nobody may be")
                .isEmpty();

        assertThat(operator.post("/api/v1/locations/" + here + "/open", null).status())
                .isEqualTo(200);

        assertThat(stream.hear(MessageCase.DELTA).getDelta().getAssignedCount()).isPositive();
        assertThat(customer.get("/api/v1/monitors/" + monitor).text()).contains(here);
        assertThat(customer.delete("/api/v1/monitors/" + monitor).status()).isEqualTo(204);
        assertThat(operator.get("/api/v1/audit?subject=" + here).text()).contains("location.opened");
        assertThat(operator.post("/api/v1/locations/" + here + "/open", null).status())
                .as("saying it again changes nothing")
                .isEqualTo(200);
    }

    /** Somebody who writes down the first public location must not stop the checks of a whole platform. */
    @Test
    void untilThenTheyGoOnAtThePrivateLocationsThatStandInForOne() {
        actFor(customer, customersPlace);
        ScriptedAgent.Stream theirs = connected();
        String monitor = monitorAtAllPublicLocations();
        assertThat(theirs.hear(MessageCase.DELTA).getDelta().getAssignedCount()).isOne();
        actFor(operator, here);
        enrolled().withPublicAddressesOnly().connect().greet();
        assertThat(customer.get("/api/v1/monitors/" + monitor).text()).contains(customersPlace);

        operator.post("/api/v1/locations/" + here + "/open", null);

        assertThat(theirs.hear(MessageCase.DELTA, 1).getDelta().getWithdrawnSeriesCount())
                .isOne();
        assertThat(customer.get("/api/v1/monitors/" + monitor).text())
                .contains(here)
                .doesNotContain(customersPlace);
        assertThat(customer.delete("/api/v1/monitors/" + monitor).status()).isEqualTo(204);
    }

    @Test
    void whatACustomersMonitorNamesIsNotDeleted() {
        enrolled().withPublicAddressesOnly().connect().greet();
        operator.post("/api/v1/locations/" + here + "/open", null);
        String monitor = customer.post(
                        "/api/v1/monitors",
                        Map.of(
                                "type",
                                "imap",
                                "host",
                                "canary.example.org",
                                "locations",
                                Map.of("allPublic", false, "locationIds", List.of(here))))
                .json()
                .get("id")
                .asString();

        var refused = operator.delete("/api/v1/locations/" + here);

        assertThat(refused.code()).isEqualTo("in-use");
        assertThat(refused.json().get("detail").asString())
                .contains("1 agent and 1 monitor")
                .doesNotContain("canary");
        assertThat(customer.delete("/api/v1/monitors/" + monitor).status()).isEqualTo(204);
    }

    @Test
    void customersSeeThePlaceAndNothingOfItsAgents() {
        ScriptedAgent agent = enrolled();
        agent.withPublicAddressesOnly().connect().greet();
        operator.post("/api/v1/locations/" + here + "/open", null);
        String path = "/api/v1/agents/" + agent.id();

        assertThat(customer.get("/api/v1/locations/" + here)
                        .json()
                        .get("country")
                        .asString())
                .isEqualTo("DE");
        assertThat(customer.get("/api/v1/agents").text())
                .doesNotContain(agent.id().toString());
        assertThat(customer.get("/api/v1/agents?locationId=" + here)
                        .json()
                        .get("items")
                        .size())
                .isZero();
        for (String answer : List.of(
                customer.get(path).code(),
                customer.get(path + "/gaps").code(),
                customer.put(path, Map.of("name", "x")).code(),
                customer.post(path + "/drain", null).code(),
                customer.post(path + "/resume", null).code(),
                customer.post(path + "/revoke", null).code(),
                customer.delete(path).code(),
                customer.put("/api/v1/locations/" + here, Map.of("name", "x")).code(),
                customer.delete("/api/v1/locations/" + here).code())) {
            assertThat(answer).isEqualTo("not-found");
        }
        assertThat(operator.get(path).json().get("hostname").asString()).isNotEmpty();
    }

    @Test
    void anOperatorDrainsAndRevokesItsAgents() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.withPublicAddressesOnly().connect().greet();
        String path = "/api/v1/agents/" + agent.id();
        stream.say(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setNumber(1)
                        .setLoad(Load.newBuilder().setAssignments(2))));
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> operator.get(path).json().get("assignments").asInt() == 2);

        assertThat(operator.post(path + "/drain", null)
                        .json()
                        .at("/agent/maintenanceSince")
                        .asString())
                .isNotEmpty();
        assertThat(operator.post(path + "/resume", null).status()).isEqualTo(200);
        assertThat(operator.post(path + "/revoke", null).json().get("state").asString())
                .isEqualTo("revoked");
        assertThat(operator.get(path).json().get("assignments").asInt())
                .as("what it said last counts no more")
                .isZero();
        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        assertThat(operator.get("/api/v1/audit?subject=" + agent.id()).text())
                .contains("agent.enrolled", "agent.drained", "agent.resumed", "agent.revoked");
    }
}
