package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.Network;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** An agent that knows more than this controller: what is known here is taken, and what is not is left out. */
class NewerAgentTest extends BystanderTest {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long MINUTE_MILLIS = 60_000;

    NewerAgentTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void aHelloOfANewerAgentIsUnderstoodAsFarAsPossible() {
        ScriptedAgent.Stream stream = agent.connect();
        Hello.Builder hello = hello(stream).getHelloBuilder();
        hello.getCapabilitiesBuilder()
                .addCheckTypesValue(77)
                .addAuthMechanismsValue(78)
                .setMaxRunsPerSecond(-1);
        // 254 characters and one that is written as two: it must not be cut in the middle.
        String long255 = "v".repeat(254) + "\ud83d\ude00";
        hello.setVersion(long255 + "\u0000").setHost(hello.getHostBuilder().setHostname("h\u0000\u0007" + long255));
        hello.setAppliedRevision(-5);

        stream.say(AgentMessage.newBuilder().setHello(hello));

        stream.hear(MessageCase.WELCOME);
        standsAndSoDoesTheBystander(stream);
        assertThat(owner.get("/api/v1/agents/" + agent.id())
                        .json()
                        .get("version")
                        .asString())
                .startsWith("vvvv")
                .doesNotContain("?");
    }

    @Test
    void aHelloWithUnknownFieldsBesideKnownOnesIsTakenAndWhatIsKnownIsStored() {
        ScriptedAgent.Stream stream = agent.connect();
        Hello.Builder hello = hello(stream).getHelloBuilder().setVersion("9.9.9");
        newer(hello.getHostBuilder().setHostname("newer"));
        newer(hello.getCapabilitiesBuilder().setMaxRunsPerSecond(77));

        stream.say(newer(AgentMessage.newBuilder().setHello(newer(hello))));

        stream.hear(MessageCase.WELCOME);
        assertThat(stored("version")).isEqualTo("9.9.9");
        assertThat(stored("hostname")).isEqualTo("newer");
        assertThat(stored("max_runs_per_second")).isEqualTo(77);
        standsAndSoDoesTheBystander(stream);
    }

    @Test
    void aHeartbeatWithUnknownFieldsBesideKnownOnesIsTakenAndWhatIsKnownIsStored() {
        ScriptedAgent.Stream stream = agent.connect().greet();

        stream.say(newer(beat(heartbeat -> newer(heartbeat
                .setNumber(12)
                .setWallTime(newer(seconds(now() + 3_600)))
                .setLoad(newer(Load.newBuilder().setSpoolRows(31)))
                .addBlockedPorts(25)))));

        assertThat(stream.hear(MessageCase.HEARTBEAT_REPLY).getHeartbeatReply().getNumber())
                .isEqualTo(12);
        await().atMost(10, TimeUnit.SECONDS).until(() -> {
            server.writePulses();
            return Objects.equals(stored("spool_rows"), 31L);
        });
        assertThat((Long) stored("clock_offset_millis")).isCloseTo(HOUR_MILLIS, within(MINUTE_MILLIS));
        assertThat(stored("blocked_ports::text")).isEqualTo("{25}");
        standsAndSoDoesTheBystander(stream);
    }

    @Test
    void aResultWithUnknownFieldsBesideKnownOnesIsTakenAndWhatIsKnownIsStored() {
        ScriptedAgent.Stream stream = agent.connect().greet();

        stream.say(newer(AgentMessage.newBuilder()
                .setResultBatch(newer(ResultBatch.newBuilder()
                        .setLane(Lane.LANE_LIVE)
                        .addRecords(newer(SpoolRecord.newBuilder()
                                .setSequence(1)
                                .setResult(newer(good().toBuilder()
                                        .setGreeting("* OK ready")
                                        .setNetwork(newer(Network.newBuilder()
                                                .setRemotePort(993)
                                                .setRemoteAddress(
                                                        ByteString.copyFrom(new byte[] {127, 0, 0, 7}))))))))))));

        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isOne();
        assertThat(stream.all(MessageCase.REJECTED_ROW)).isEmpty();
        assertThat(results(monitor)).singleElement().satisfies(NewerAgentTest::assertThatItIsWhole);
        standsAndSoDoesTheBystander(stream);
    }

    private static void assertThatItIsWhole(JsonNode result) {
        assertThat(result.get("status").asString()).isEqualTo("OK");
        assertThat(result.toString()).contains("* OK ready", "127.0.0.7");
    }

    /** With one unknown field of each kind that there is on the wire. */
    private static <B extends Message.Builder> B newer(B known) {
        known.setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(
                        2_047,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(-1)
                                .addFixed32(7)
                                .addFixed64(7)
                                .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                                .build())
                .build());
        return known;
    }
}
