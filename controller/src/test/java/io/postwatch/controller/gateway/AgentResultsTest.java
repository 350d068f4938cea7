package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of what an agent reports. */
class AgentResultsTest extends GatewayTest {
    AgentResultsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void aMissingPartitionCostsNoResult() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = first.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant now = Instant.now();
        RunResult late = ScriptedAgent.ok(assignment.getSeries(), 1, now.minus(3, ChronoUnit.DAYS));
        assertThat(system.call(() -> jdbc.sql("SELECT drop_result_partitions(?)")
                        .param(now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1))
                        .query(Integer.class)
                        .single()))
                .isPositive();

        first.results(1, late);

        assertThat(first.awaitEnd()).contains(Status.Code.UNAVAILABLE);
        assertThat(first.all(MessageCase.ACK)).isEmpty();
        ScriptedAgent.Stream second = agent.connect().greet();
        second.results(1, late);
        assertThat(second.hear(MessageCase.ACK).getAck().getThroughSequence()).isOne();
        assertThat(second.all(MessageCase.REJECTED_ROW)).isEmpty();
        assertThat(results(monitor)).hasSize(1);
    }

    @Test
    void resultsAreStoredOnceAcrossAReconnect() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = first.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        RunResult one = ScriptedAgent.ok(assignment.getSeries(), 1, at.minusSeconds(60));
        RunResult two = ScriptedAgent.ok(assignment.getSeries(), 1, at);
        first.results(1, one);
        first.hear(MessageCase.ACK);
        first.cut();

        ScriptedAgent.Stream second = agent.connect().greet();
        assertThat(second.hear(MessageCase.WELCOME).getWelcome().getAckedList())
                .singleElement()
                .satisfies(ack -> assertThat(ack.getThroughSequence()).isOne());
        second.results(1, one, two);

        assertThat(second.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(2);
        assertThat(results(monitor)).hasSize(2);
    }

    @Test
    void rowsThatCannotBeStoredAreSetAsideAndBlockNothing() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(null);
        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        long series = assignment.getSeries();
        Instant now = Instant.now();

        stream.results(
                1,
                ScriptedAgent.ok(series + 1, 1, now),
                ScriptedAgent.ok(series, 1, now.minus(60, ChronoUnit.DAYS)),
                ScriptedAgent.ok(series, 1, now.plus(6, ChronoUnit.MINUTES)),
                ScriptedAgent.ok(series, 1, now).toBuilder()
                        .setRunId(ByteString.EMPTY)
                        .build(),
                ScriptedAgent.ok(series, 1, now));

        var ack = stream.hear(MessageCase.ACK).getAck();
        assertThat(ack.getThroughSequence()).isEqualTo(5);
        assertThat(ack.getLane()).isEqualTo(Lane.LANE_LIVE);
        assertThat(stream.all(MessageCase.REJECTED_ROW))
                .extracting(message -> message.getRejectedRow().getSequence() + " "
                        + message.getRejectedRow().getReason())
                .containsExactlyInAnyOrder(
                        "1 " + RowRejection.ROW_REJECTION_UNKNOWN_SERIES,
                        "2 " + RowRejection.ROW_REJECTION_TOO_OLD,
                        "3 " + RowRejection.ROW_REJECTION_IN_FUTURE,
                        "4 " + RowRejection.ROW_REJECTION_MALFORMED);
        assertThat(results(monitor)).hasSize(1);
    }

    @Test
    void anotherTenantsAgentCannotReportAboutAMonitor() {
        ScriptedAgent.Stream ours = connected();
        String monitor = createMonitor(null);
        long series = ours.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        ApiClient us = owner;
        makeTenantWithLocation();
        ScriptedAgent.Stream theirs = connected();

        assertThatAReportIsRefused(theirs, series);

        owner = us;
        assertThat(results(monitor)).isEmpty();
        assertThatItStands(ours);
    }

    @Test
    void anAgentOfAnotherLocationCannotReportAboutAMonitorOfItsOwnTenant() {
        ScriptedAgent.Stream ours = connected();
        String monitor = createMonitor(null);
        long series = ours.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        location = newLocation(owner);
        ScriptedAgent.Stream theirs = connected();

        assertThatAReportIsRefused(theirs, series);

        assertThat(results(monitor)).isEmpty();
        ours.results(1, ScriptedAgent.ok(series, 1, Instant.now()));
        ours.hear(MessageCase.ACK);
        assertThat(results(monitor)).hasSize(1);
    }

    /** What is public runs for all tenants, and all the same only where it stands. */
    @Test
    void aPublicAgentCannotReportAboutAMonitorOfAnotherLocation() {
        ApiClient us = owner;
        String here = location;
        ApiClient platform = people.member(Role.OPERATOR);
        String everywhere = platform.post(
                        "/api/v1/locations", Map.of("name", "Place " + UUID.randomUUID(), "country", "DE"))
                .json()
                .get("id")
                .asString();
        owner = platform;
        location = everywhere;
        ScriptedAgent agent = enrolled().withPublicAddressesOnly();
        try {
            ScriptedAgent.Stream theirs = agent.connect().greet();
            owner = us;
            location = here;
            ScriptedAgent.Stream ours = connected();
            String monitor = createMonitor(null);
            long series = ours.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();

            assertThatAReportIsRefused(theirs, series);

            assertThat(results(monitor)).isEmpty();
            assertThatItStands(ours);
        } finally {
            platform.post("/api/v1/agents/" + agent.id() + "/revoke", Map.of());
            platform.delete("/api/v1/agents/" + agent.id());
            assertThat(platform.delete("/api/v1/locations/" + everywhere).status())
                    .isEqualTo(204);
        }
    }

    private static String newLocation(ApiClient of) {
        return of.post("/api/v1/locations", Map.of("name", "Place " + UUID.randomUUID()))
                .json()
                .get("id")
                .asString();
    }

    private static void assertThatAReportIsRefused(ScriptedAgent.Stream stream, long series) {
        stream.results(1, ScriptedAgent.ok(series, 1, Instant.now()));
        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isOne();
        assertThat(stream.all(MessageCase.REJECTED_ROW))
                .extracting(message -> message.getRejectedRow().getReason())
                .containsExactly(RowRejection.ROW_REJECTION_UNKNOWN_SERIES);
        assertThatItStands(stream);
    }

    @Test
    void aHoleInsideASessionEndsItAndNoOther() {
        ScriptedAgent.Stream bystander = connected();
        location = newLocation(owner);
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(null);
        long series = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        stream.results(1, ScriptedAgent.ok(series, 1, Instant.now()));
        stream.hear(MessageCase.ACK);

        stream.results(3, ScriptedAgent.ok(series, 1, Instant.now().plusSeconds(1)));

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);
        assertThat(stream.awaitEnd()).isEmpty();
        assertThat(results(monitor)).hasSize(1);
        assertThatItStands(bystander);
    }
}
