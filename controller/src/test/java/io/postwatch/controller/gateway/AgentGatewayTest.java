package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who gets a session, and how it ends. */
class AgentGatewayTest extends GatewayTest {
    AgentGatewayTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void anAgentEnrolsAndIsShownFromNeverConnectedToOffline() {
        ScriptedAgent agent = newAgent();
        var response = agent.enrol(token());
        assertThat(response.getLocationName()).isEqualTo("Paris");
        assertThat(agentState(agent)).isEqualTo("never-connected");

        ScriptedAgent.Stream stream = agent.connect().greet();
        var welcome = stream.hear(MessageCase.WELCOME).getWelcome();
        assertThat(welcome.getAgentName()).isEqualTo("scripted");
        assertThat(welcome.getHeartbeatInterval().getSeconds()).isEqualTo(8);
        assertThat(agentState(agent)).isEqualTo("online");

        stream.cut();
        await().atMost(5, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    @Test
    void aTokenThatWasUsedIsRefusedWithASentence() {
        String token = token();
        newAgent().enrol(token);

        assertThatThrownBy(() -> newAgent().enrol(token))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                    assertThat(refused.getStatus().getDescription()).contains("used already");
                });
    }

    @Test
    void callsThatMakeNoSenseAreRefusedByACodeAndEndNoSession() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream standing = agent.connect().greet();
        ByteString id = ScriptedAgent.uuid(agent.id().value());
        var calls = agent.calls();

        assertThat(refusal(() -> calls.enrol(EnrolRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> calls.renewCertificate(RenewCertificateRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(() -> calls.renewCertificate(RenewCertificateRequest.newBuilder()
                        .setAgentId(id)
                        .setCertificateRequest(ByteString.copyFromUtf8("none"))
                        .build())))
                .as("a request for a certificate that is none")
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThatItStands(standing);
    }

    private static Status.Code refusal(ThrowingCallable call) {
        return Status.fromThrowable(catchThrowable(call)).getCode();
    }

    @Test
    void aSessionNeedsACertificate() {
        assertThat(enrolled().connect(null, List.of()).awaitEnd()).contains(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anAgentIsNotLetInAsAnother() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent other = enrolled();
        ScriptedAgent.Stream standing = other.connect().greet();
        ScriptedAgent.Stream stream = agent.connect();

        stream.say(stream.hello(other.id(), 0, ByteString.EMPTY));

        assertThatItIsRefused(stream, GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED);
        assertThatItStands(standing);
    }

    @Test
    void aHelloSignedByAnotherKeyIsRefused() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream standing = agent.connect().greet();
        ScriptedAgent stranger = newAgent();
        ScriptedAgent.Stream asStranger = stranger.connect(agent.keys.tls().getPrivate(), agent.chain());

        asStranger.say(asStranger.hello(agent.id(), 0, ByteString.EMPTY));

        assertThatItIsRefused(asStranger, GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED);
        assertThatItStands(standing);
    }

    @Test
    void anythingBeforeTheHelloEndsTheSession() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream standing = agent.connect().greet();
        ScriptedAgent.Stream stream = agent.connect();

        stream.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));

        assertThatItIsRefused(stream, GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);
        assertThatItStands(standing);
    }

    private static void assertThatItIsRefused(ScriptedAgent.Stream stream, GoodbyeReason reason) {
        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason()).isEqualTo(reason);
        assertThat(stream.all(MessageCase.WELCOME)).isEmpty();
        assertThat(stream.awaitEnd()).as("ended on purpose").isEmpty();
    }

    @Test
    void theNewestSessionWinsAndTheOlderOneIsTold() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        ScriptedAgent.Stream second = agent.connect().greet();

        assertThat(first.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
        first.awaitEnd();
        second.say(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setNumber(3).setMonotonicNanos(99)));
        assertThat(second.hear(MessageCase.HEARTBEAT_REPLY).getHeartbeatReply().getMonotonicNanos())
                .isEqualTo(99);
        assertThat(agentState(agent)).isEqualTo("online");
    }

    @Test
    void revokingEndsTheSessionAndKeepsTheAgentOut() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();

        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/revoke", Map.of())
                        .status())
                .isEqualTo(200);

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        ScriptedAgent.Stream again = agent.connect();
        again.say(again.hello(agent.id(), 0, ByteString.EMPTY));
        assertThat(again.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        assertThat(owner.delete("/api/v1/agents/" + agent.id()).status()).isEqualTo(204);
    }

    @Test
    void anAgentWhoseEndCouldNotBeWrittenIsOfflineSoon() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        UUID controller = system.call(() -> jdbc.sql("SELECT session_controller FROM agent WHERE agent_id = ?")
                .param(agent.id().value())
                .query(UUID.class)
                .single());
        stream.cut();
        await().atMost(5, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));

        // As the row is left where the database was not there to take its end.
        system.run(() -> jdbc.sql("UPDATE agent SET session_id = ?, session_controller = ?,"
                        + " last_seen_at = last_seen_at - interval '1 minute' WHERE agent_id = ?")
                .params(UUID.randomUUID(), controller, agent.id().value())
                .update());

        // A controller that was paused before, as between tests, gives agents a minute to come again.
        await().atMost(120, TimeUnit.SECONDS).until(() -> sessionOf(agent).isEmpty());
        assertThat(agentState(agent)).isEqualTo("offline");
    }

    private List<UUID> sessionOf(ScriptedAgent agent) {
        return system.call(() -> jdbc.sql("SELECT session_id FROM agent WHERE agent_id = ? AND session_id IS NOT NULL")
                .param(agent.id().value())
                .query(UUID.class)
                .list());
    }
}
