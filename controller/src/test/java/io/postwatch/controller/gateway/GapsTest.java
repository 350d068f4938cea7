package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Gap;
import io.postwatch.proto.agent.v1.GapReason;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What an agent had to give up is told to the people whose results they were. */
@ExtendWith(OutputCaptureExtension.class)
class GapsTest extends GatewayTest {
    private static final Instant FIRST = Instant.parse("2026-11-20T01:00:00Z");
    private static final Instant LAST = Instant.parse("2026-11-20T03:30:00Z");

    GapsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void theLastGapIsPartOfTheAgentAndBrowsersHearOfIt() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        assertThat(shown(agent).has("lastGap")).isFalse();
        assertThat(shown(agent).get("gaps").asInt()).isZero();
        try (HeardEvents browser = HeardEvents.of(owner)) {
            tell(stream, 1, gap(7, GapReason.GAP_REASON_SPOOL_FULL));
            browser.await("agent", agent.id().toString());
        }

        JsonNode gap = shown(agent).get("lastGap");
        assertThat(gap.get("from").asString()).isEqualTo(FIRST.toString());
        assertThat(gap.get("to").asString()).isEqualTo(LAST.toString());
        assertThat(gap.get("rows").asLong()).isEqualTo(7);
        assertThat(gap.get("reason").asString()).isEqualTo("spool-full");
        assertThat(gap.get("message").asString())
                .isEqualTo("The agent lost 7 results: its room for results that wait to be sent was full.");
        assertThat(Instant.parse(gap.get("toldAt").asString())).isAfter(LAST);

        tell(stream, 2, gap(0, GapReason.GAP_REASON_SPOOL_DAMAGED));
        assertThat(shown(agent).get("gaps").asInt()).isEqualTo(2);
        JsonNode last = shown(agent).get("lastGap");
        assertThat(last.has("rows")).isFalse();
        assertThat(last.get("message").asString()).contains("not known how many", "could not be read");
    }

    @Test
    void allGapsAreListedTheLastToldFirst() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        GapReason[] reasons = {
            GapReason.GAP_REASON_UNSPECIFIED,
            GapReason.GAP_REASON_SPOOL_FULL,
            GapReason.GAP_REASON_TOO_OLD,
            GapReason.GAP_REASON_SPOOL_DAMAGED
        };
        for (int i = 0; i < reasons.length; i++) {
            tell(stream, i + 1, gap(i + 1, reasons[i]));
        }

        List<String> listed = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = owner.get(path(agent) + "/gaps?limit=1" + next).json();
            page.get("items")
                    .forEach(gap -> listed.add(
                            gap.get("rows").asLong() + " " + gap.get("reason").asString()));
            next = page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : "";
        } while (!next.isEmpty());

        assertThat(listed).containsExactly("4 spool-damaged", "3 too-old", "2 spool-full", "1 unknown");
        assertThat(shown(agent).at("/lastGap/rows").asLong()).isEqualTo(4);
    }

    @Test
    void anotherTenantsGapsAreLikeNone() {
        ScriptedAgent agent = enrolled();
        tell(agent.connect().greet(), 1, gap(1, GapReason.GAP_REASON_TOO_OLD));

        var refused = people.member(Role.OWNER).get(path(agent) + "/gaps");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(owner.get(path(agent) + "/gaps").json().get("items")).hasSize(1);
    }

    @Test
    void theTimesOfAMonitorSayWhereAndWhyResultsAreMissing() {
        String monitor = createMonitor(null);
        ScriptedAgent agent = enrolled();
        tell(agent.connect().greet(), 1, gap(7, GapReason.GAP_REASON_SPOOL_FULL));

        JsonNode gaps = gapsOf(monitor, FIRST.minusSeconds(3_600), FIRST.plusSeconds(1));
        assertThat(gaps).hasSize(1);
        assertThat(gaps.at("/0/locationId").asString()).isEqualTo(location);
        assertThat(gaps.at("/0/agentName").asString())
                .isEqualTo(shown(agent).get("name").asString());
        assertThat(gaps.at("/0/gap")).isEqualTo(shown(agent).get("lastGap"));
        assertThat(gapsOf(monitor, LAST, LAST.plusSeconds(60)))
                .as("its last moment")
                .hasSize(1);
        assertThat(gapsOf(monitor, LAST.plusSeconds(1), LAST.plusSeconds(60)))
                .as("after it")
                .isEmpty();
        assertThat(gapsOf(monitor, FIRST.minusSeconds(60), FIRST))
                .as("before it")
                .isEmpty();
    }

    @Test
    void whatAnAgentOfAnotherLocationLostIsNotTold() {
        String paris = location;
        location = owner.post("/api/v1/locations", Map.of("name", "Rome"))
                .json()
                .get("id")
                .asString();
        String monitor = createMonitor(null);
        location = paris;
        tell(enrolled().connect().greet(), 1, gap(7, GapReason.GAP_REASON_SPOOL_FULL));

        assertThat(gapsOf(monitor, FIRST, LAST)).isEmpty();
    }

    private JsonNode gapsOf(String monitor, Instant from, Instant to) {
        return owner.get("/api/v1/monitors/" + monitor + "/series?from=" + from + "&to=" + to)
                .json()
                .get("gaps");
    }

    @Test
    void howeverManyGapsABatchHasTheyAreLoggedByOneLineAndOnce(CapturedOutput output) {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream before = agent.connect().greet();
        tellMany(before, 50);
        before.cut();
        // A database that was set back, but for the gaps.
        system.run(() -> jdbc.sql("DELETE FROM agent_lane WHERE agent_id = ?")
                .param(agent.id().value())
                .update());
        tellMany(agent.connect().greet(), 50);

        assertThat(shown(agent).get("gaps").asInt()).isEqualTo(50);
        // None, where others have used up what may be logged in this minute.
        assertThat(output.getOut()
                        .lines()
                        .filter(line -> line.contains(agent.id().toString()) && line.contains(LAST.toString())))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void gapsAreCountedUpToAThousand() {
        ScriptedAgent agent = enrolled();
        tellMany(agent.connect().greet(), 1_100);

        assertThat(shown(agent).get("gaps").asInt()).isEqualTo(1_000);
        assertThat(owner.get(path(agent) + "/gaps?limit=1").json().get("items")).hasSize(1);
    }

    private static void tellMany(ScriptedAgent.Stream stream, int count) {
        ResultBatch.Builder batch = ResultBatch.newBuilder().setLane(Lane.LANE_LIVE);
        for (int sequence = 1; sequence <= count; sequence++) {
            batch.addRecords(
                    SpoolRecord.newBuilder().setSequence(sequence).setGap(gap(1, GapReason.GAP_REASON_SPOOL_FULL)));
        }
        stream.say(AgentMessage.newBuilder().setResultBatch(batch));
        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(count);
    }

    private static Gap gap(long count, GapReason reason) {
        return Gap.newBuilder()
                .setCount(count)
                .setFirst(ScriptedAgent.timestamp(FIRST))
                .setLast(ScriptedAgent.timestamp(LAST))
                .setReason(reason)
                .build();
    }

    /** Until it is stored. */
    private static void tell(ScriptedAgent.Stream stream, long sequence, Gap gap) {
        stream.say(AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(Lane.LANE_LIVE)
                        .addRecords(
                                SpoolRecord.newBuilder().setSequence(sequence).setGap(gap))));
        assertThat(stream.hear(MessageCase.ACK, (int) sequence - 1).getAck().getThroughSequence())
                .isEqualTo(sequence);
    }

    private JsonNode shown(ScriptedAgent agent) {
        return owner.get(path(agent)).json();
    }

    private static String path(ScriptedAgent agent) {
        return "/api/v1/agents/" + agent.id();
    }
}
