package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Hello;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Hellos that make no sense, or that nobody signed: refused with a reason, and nothing of them is written. */
class BadHelloTest extends BystanderTest {
    private static final GoodbyeReason PROTOCOL_ERROR = GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR;
    private static final GoodbyeReason NOT_IDENTIFIED = GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED;
    private static final long MORE_THAN_63_BITS = Long.MIN_VALUE;

    BadHelloTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    /** Beside what is wrong each of them tells other things than the last good one did. */
    @Test
    void aHelloThatMakesNoSenseIsRefusedWithAReasonAndNothingOfItIsWritten() {
        String before = row();
        bad().forEach((name, refused) -> {
            ScriptedAgent.Stream stream = agent.connect();
            Hello.Builder told = hello(stream)
                    .getHelloBuilder()
                    .setVersion("9.9.9")
                    .setWallTime(seconds(now() + 3_600))
                    .setAttempt(9);
            told.getHostBuilder().setHostname("elsewhere");
            told.getCapabilitiesBuilder().setIpv6(true).setMaxRunsPerSecond(99);
            stream.say(AgentMessage.newBuilder().setHello(refused.change().apply(told)));
            assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                    .as(name)
                    .isEqualTo(refused.reason());
            assertThat(stream.all(MessageCase.WELCOME)).as(name).isEmpty();
            assertThat(stream.awaitEnd()).as(name).isEmpty();
            assertThat(row()).as(name).isEqualTo(before);
        });
        nothingIsStoredAndTheBystanderStands();
    }

    /** Neither does whoever can't sign for an agent end the session that this one has. */
    @Test
    void aHelloThatIsRefusedEndsNotEvenTheSessionOfTheAgentItNames() {
        ScriptedAgent.Stream standing = agent.connect().greet();
        String before = row();
        bad().forEach((name, refused) -> {
            ScriptedAgent.Stream stream = agent.connect();
            stream.say(AgentMessage.newBuilder()
                    .setHello(refused.change().apply(hello(stream).getHelloBuilder())));
            assertThat(stream.awaitEnd()).as(name).isEmpty();
        });
        assertThat(row()).isEqualTo(before);
        standsAndSoDoesTheBystander(standing);
    }

    private record Refused(GoodbyeReason reason, UnaryOperator<Hello.Builder> change) {}

    private static Map<String, Refused> bad() {
        Map<String, Refused> bad = new LinkedHashMap<>();
        bad.put("nothing in it", new Refused(PROTOCOL_ERROR, Hello.Builder::clear));
        bad.put("no spool", new Refused(PROTOCOL_ERROR, Hello.Builder::clearSpoolId));
        bad.put("no agent", new Refused(PROTOCOL_ERROR, Hello.Builder::clearAgentId));
        bad.put("a clock before 1970", new Refused(PROTOCOL_ERROR, hello -> hello.setWallTime(seconds(BEFORE_1970))));
        bad.put("a clock beyond 9999", new Refused(PROTOCOL_ERROR, hello -> hello.setWallTime(seconds(YEAR_10000))));
        bad.put(
                "a number of attempts above 2^63",
                new Refused(PROTOCOL_ERROR, hello -> hello.setAttempt(MORE_THAN_63_BITS)));
        bad.put("the greatest number of attempts", new Refused(PROTOCOL_ERROR, hello -> hello.setAttempt(-1)));
        bad.put(
                "more than a hello has to say",
                new Refused(PROTOCOL_ERROR, hello -> hello.setVersion("x".repeat(SessionSteps.MAX_HELLO_BYTES))));
        bad.put("no signature", new Refused(NOT_IDENTIFIED, Hello.Builder::clearSignature));
        bad.put(
                "a signature that is none",
                new Refused(NOT_IDENTIFIED, hello -> hello.setSignature(ByteString.copyFrom(new byte[64]))));
        bad.put(
                "a sealing key that is too short",
                new Refused(NOT_IDENTIFIED, hello -> hello.setSealingKey(ByteString.copyFrom(new byte[31]))));
        bad.put("another sealing key than was signed", new Refused(NOT_IDENTIFIED, BadHelloTest::withAnotherKey));
        bad.put(
                "another boot than was signed",
                new Refused(NOT_IDENTIFIED, hello -> hello.setBootId(ByteString.copyFromUtf8("another boot id."))));
        bad.put(
                "a boot of 17 bytes",
                new Refused(NOT_IDENTIFIED, hello -> hello.setBootId(ByteString.copyFrom(new byte[17]))));
        return bad;
    }

    private static Hello.Builder withAnotherKey(Hello.Builder hello) {
        return hello.setSealingKey(
                ByteString.copyFrom(new TestAgentKeys().sealingKey().toArray()));
    }

    /** All of the agent's row but what others write meanwhile. */
    private String row() {
        return String.valueOf(stored("(to_jsonb(agent) - 'wanted_revision' - 'updated_at')::text"));
    }
}
