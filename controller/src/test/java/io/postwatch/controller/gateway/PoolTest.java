package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Several agents at one location: who runs what when one dies, is drained, or all are silent. */
class PoolTest extends GatewayTest {
    private static final int MONITORS = 8;

    PoolTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void whatADeadAgentRanIsRunByTheOtherOneWithinHalfAMinute() {
        Member one = new Member();
        Member other = new Member();
        Set<String> monitors = createMonitors();
        awaitSpread(one, other, monitors.size());

        one.stream.cut();

        await().atMost(30, TimeUnit.SECONDS).until(() -> other.runs().size() == monitors.size());
        monitors.forEach(monitor -> {
            assertThat(syncOf(monitor)).isEqualTo("pending");
            assertThat(place(monitor).get("agentName").asString())
                    .as("who is to run it now")
                    .isEqualTo(other.shown().get("name").asString());
        });
        assertThat(location().get("state").asString()).isEqualTo("online");
        assertThat(location().get("agentsOnline").asInt()).isOne();
    }

    @Test
    void aRunThatTwoAgentsDidIsOneResult() {
        Member one = new Member();
        Member other = new Member();
        String monitor = createMonitor(null);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> one.runs().size() + other.runs().size() == 1);
        Member first = one.runs().isEmpty() ? other : one;
        Member second = first == one ? other : one;
        Assignment assignment = first.runs().values().iterator().next();
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        RunResult run = ScriptedAgent.ok(assignment.getSeries(), 1, at);

        drain(first, true);
        await().atMost(10, TimeUnit.SECONDS).until(() -> second.runs().size() == 1);
        assertThat(second.runs()).hasEntrySatisfying(assignment.getSeries(), moved -> {
            assertThat(moved.getAnchor()).as("at the same place in the grid").isEqualTo(assignment.getAnchor());
            assertThat(moved.getRevision()).isEqualTo(assignment.getRevision());
        });
        first.stream.results(1, run);
        second.stream.results(1, run);
        first.stream.hear(MessageCase.ACK);
        second.stream.hear(MessageCase.ACK);

        assertThat(results(monitor)).hasSize(1);
        assertThat(first.stream.all(MessageCase.REJECTED_ROW)).isEmpty();
        assertThat(second.stream.all(MessageCase.REJECTED_ROW)).isEmpty();
    }

    @Test
    void anAgentInMaintenanceKeepsItsSessionAndGivesItsWorkAway() {
        Member one = new Member();
        Member other = new Member();
        Set<String> monitors = createMonitors();
        awaitSpread(one, other, monitors.size());
        Set<Long> shareOfOne = new HashSet<>(one.runs().keySet());

        JsonNode answer = drain(one, true);

        assertThat(answer.get("otherAgents").asInt()).isOne();
        assertThat(answer.get("message").asString()).contains("run on the other agent of Paris");
        assertThat(answer.at("/agent/maintenanceSince").asString()).isNotBlank();
        assertThat(answer.at("/agent/state").asString()).isEqualTo("online");
        assertThat(answer.at("/agent/assignments").asInt()).isZero();
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> one.runs().isEmpty() && other.runs().size() == monitors.size());
        assertThat(one.stream.over()).as("its session stays").isFalse();
        assertThat(location().get("agentsInMaintenance").asInt()).isOne();
        assertThat(drain(one, true).at("/agent/revision").asLong())
                .as("asked for twice, nothing changes")
                .isEqualTo(answer.at("/agent/revision").asLong());

        assertThat(drain(one, false).get("message").asString()).contains("is back");

        await().atMost(10, TimeUnit.SECONDS).until(() -> one.runs().keySet().equals(shareOfOne));
    }

    @Test
    void theLastAgentSaysThatNothingRunsWithoutIt() {
        Member last = new Member();
        String monitor = createMonitor(null);
        await().atMost(10, TimeUnit.SECONDS).until(() -> last.runs().size() == 1);

        JsonNode answer = drain(last, true);

        assertThat(answer.get("otherAgents").asInt()).isZero();
        assertThat(answer.get("message").asString()).contains("nothing runs from Paris until it is taken back");
        await().atMost(10, TimeUnit.SECONDS).until(() -> last.runs().isEmpty());
        assertThat(location().get("state").asString()).isEqualTo("in-maintenance");
        JsonNode place = place(monitor);
        assertThat(place.get("sync").asString()).isEqualTo("no-agent");
        assertThat(place.get("status").asString()).isEqualTo("NO_DATA");
        assertThat(place.get("sentence").asString())
                .isEqualTo("No data: every agent of this location is in maintenance");

        drain(last, false);
        await().atMost(10, TimeUnit.SECONDS).until(() -> last.runs().size() == 1);
    }

    @Test
    void onlyAdministratorsDrainAndOnlyTheirOwnAgents() {
        Member agent = new Member();
        String path = "/api/v1/agents/" + agent.agent.id();
        for (String act : new String[] {"/drain", "/resume"}) {
            assertThat(people.member(Role.OWNER).post(path + act, null).status())
                    .as("another tenant's")
                    .isEqualTo(404);
        }
        owner.post(path + "/revoke", null);
        var refused = owner.post(path + "/drain", null);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("agent-revoked");
    }

    @Test
    void whatALostAgentRunsIsNotKnown() {
        Member agent = new Member();
        agent.stream.applied(0, com.google.protobuf.ByteString.EMPTY);
        String monitor = createMonitor(null);
        Delta delta = agent.stream.hear(MessageCase.DELTA).getDelta();
        agent.stream.applied(delta.getRevision(), delta.getHash());
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> agent.shown().at("/sync/state").asString().equals("in-sync"));
        assertThat(syncOf(monitor)).isEqualTo("in-sync");
        assertThat(place(monitor).has("agentLostSince")).isFalse();

        agent.stream.cut();

        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> agent.shown().get("state").asString().equals("offline"));
        assertThat(agent.shown().at("/sync/state").asString()).isEqualTo("unknown");
        assertThat(syncOf(monitor)).as("at its place").isEqualTo("unknown");
        assertThat(place(monitor).get("agentLostSince").asString())
                .isEqualTo(agent.shown().get("lastSeenAt").asString());
        assertThat(place(monitor).get("sentence").asString())
                .startsWith("No data: the agent that is to run it is lost, last heard of at 20");
        assertThat(place(monitor).has("nextRunAt")).isFalse();
        createMonitor(null);
        assertThat(place(monitor).get("agentName").asString())
                .isEqualTo(agent.shown().get("name").asString());
        assertThat(drain(agent, true).get("message").asString())
                .contains("is not connected, and no other agent of Paris is at work")
                .doesNotContain("was the last one at work");
    }

    @Test
    void aSilentLocationKnowsNothingOfItsTargets() {
        Member one = new Member();
        Member other = new Member();
        String monitor = createMonitor(null);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> one.runs().size() + other.runs().size() == 1);
        Member runner = one.runs().isEmpty() ? other : one;
        long series = runner.runs().keySet().iterator().next();
        runner.stream.results(1, ScriptedAgent.ok(series, 1, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        runner.stream.hear(MessageCase.ACK);
        assertThat(place(monitor).get("status").asString()).isEqualTo("OK");

        one.stream.cut();
        other.stream.cut();

        await().atMost(90, TimeUnit.SECONDS)
                .until(() -> location().get("state").asString().equals("silent"));
        JsonNode place = place(monitor);
        assertThat(place.get("status").asString()).isEqualTo("NO_DATA");
        assertThat(place.get("sentence").asString()).startsWith("No data: no agent has reported since 20");
        assertThat(place.get("silentSince").asString())
                .isEqualTo(location().get("silentSince").asString());
        assertThat(place.has("nextRunAt")).isFalse();

        one.agent.connect().greet();
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> location().get("state").asString().equals("online"));
        assertThat(place(monitor).get("status").asString()).isNotEqualTo("ERROR");
        assertThat(place(monitor).has("silentSince")).isFalse();
    }

    @Test
    void aLocationWhoseAgentsNeverCameIsNotSilent() {
        enrolled();
        String monitor = createMonitor(null);

        assertThat(location().get("state").asString()).isEqualTo("never-connected");
        assertThat(place(monitor).get("sentence").asString())
                .isEqualTo("No data: no agent of this location has ever connected");
        assertThat(syncOf(monitor)).as("which is not lost").isEqualTo("no-agent");
        assertThat(place(monitor).has("agentLostSince")).isFalse();
    }

    @Test
    void lagAndSkippedRunsAreShown() {
        Member agent = new Member();
        agent.beat(1, 10, 0, 900);
        agent.beat(2, 10, 3, 20);

        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> agent.shown().path("skippedRuns").asLong(0) == 3);

        assertThat(agent.shown().get("skippedRunsLastMinute").asLong()).isEqualTo(3);
        assertThat(agent.shown().get("scheduleLagMillis").asDouble())
                .as("the greatest of the last minute, not the last")
                .isEqualTo(900);
    }

    private Set<String> createMonitors() {
        Set<String> monitors = new HashSet<>();
        for (int i = 0; i < MONITORS; i++) {
            monitors.add(createMonitor(null));
        }
        return monitors;
    }

    private static void awaitSpread(Member one, Member other, int monitors) {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> one.runs().size() + other.runs().size() == monitors);
    }

    private JsonNode drain(Member member, boolean drained) {
        var answer = owner.post("/api/v1/agents/" + member.agent.id() + (drained ? "/drain" : "/resume"), null);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode location() {
        return owner.get("/api/v1/locations/" + location).json();
    }

    private JsonNode place(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor).json().at("/status/locations/0");
    }

    /** An agent of the location that is connected. */
    private final class Member {
        private final ScriptedAgent agent = enrolled();
        private final ScriptedAgent.Stream stream = agent.connect().greet();

        /** What it was told to run, by series. */
        Map<Long, Assignment> runs() {
            Map<Long, Assignment> runs = new HashMap<>();
            for (var message : stream.heard()) {
                if (message.hasSnapshot()) {
                    Snapshot snapshot = message.getSnapshot();
                    if (snapshot.getPart() == 0) {
                        runs.clear();
                    }
                    snapshot.getAssignmentsList().forEach(one -> runs.put(one.getSeries(), one));
                } else if (message.hasDelta()) {
                    Delta delta = message.getDelta();
                    delta.getWithdrawnSeriesList().forEach(runs::remove);
                    delta.getAssignedList().forEach(one -> runs.put(one.getSeries(), one));
                }
            }
            return runs;
        }

        void beat(long number, long runs, long skipped, int lagMillis) {
            stream.say(AgentMessage.newBuilder()
                    .setHeartbeat(Heartbeat.newBuilder()
                            .setNumber(number)
                            .setWallTime(ScriptedAgent.timestamp(Instant.now()))
                            .setLoad(Load.newBuilder()
                                    .setRuns(runs)
                                    .setSkippedRuns(skipped)
                                    .setScheduleLag(Duration.newBuilder().setNanos(lagMillis * 1_000_000)))));
        }

        JsonNode shown() {
            return owner.get("/api/v1/agents/" + agent.id()).json();
        }
    }
}
