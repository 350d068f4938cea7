package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.UUID;

/**
 * A stream of an agent that says whatever it likes: each message is stored, answered, passed over or refused with a reason,
 * and the next one is asked for or the session is over. It never fails inside, and the session of another agent stands.
 *
 * <p>Where the first bit of the first byte is not set a proper hello precedes; the messages follow, each behind its length.
 */
class SessionFuzzTest {
    private static final Bytes NONCE = Bytes.of(new byte[32]);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final AgentId AGENT = new AgentId(new UUID(0, 2));
    private static final AgentId BYSTANDER = new AgentId(new UUID(0, 3));

    private final SessionRegistry registry = new SessionRegistry(new SimpleMeterRegistry());
    private final UnfoolableTasks tasks = new UnfoolableTasks(NOW);

    @FuzzTest(maxDuration = "3m")
    void whateverAnAgentSaysIsAnsweredOrRefused(byte[] said) throws IOException {
        if (said.length == 0) {
            return;
        }
        HeedfulStream bystander = new HeedfulStream();
        SessionCall standing = begin(bystander, BYSTANDER);
        standing.onNext(hello());
        HeedfulStream stream = new HeedfulStream();
        SessionCall call = begin(stream, AGENT);
        if ((said[0] & 1) == 0) {
            stream.spoke();
            call.onNext(hello());
        }
        say(call, stream, said);
        call.onCompleted();

        Status end = stream.end();
        tasks.assertNotFooled();
        assertThat(end == null ? null : end.getCode())
                .isNotNull()
                .isNotIn(Status.Code.INTERNAL, Status.Code.UNAVAILABLE);
        assertThat(registry.holds(AGENT)).isFalse();
        int heard = bystander.sent();
        standing.onNext(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build());
        assertThat(bystander.sent()).isEqualTo(heard + 1);
        assertThat(registry.holds(BYSTANDER)).isTrue();
        standing.onCompleted();
        tasks.assertNotFooled();
    }

    private static void say(SessionCall call, HeedfulStream stream, byte[] said) throws IOException {
        ByteArrayInputStream rest = new ByteArrayInputStream(said, 1, said.length - 1);
        while (stream.end() == null) {
            assertThat(stream.asked()).as("messages that are asked for").isOne();
            AgentMessage message;
            try {
                message = AgentMessage.parseDelimitedFrom(rest);
            } catch (InvalidProtocolBufferException notTheProtocol) {
                // gRPC ends such a call itself.
                call.onError(notTheProtocol);
                return;
            }
            if (message == null) {
                return;
            }
            stream.spoke();
            call.onNext(message);
        }
    }

    private SessionCall begin(HeedfulStream stream, AgentId agent) {
        SessionCall call = new SessionCall(
                stream, TestPeers.of(agent, BigInteger.ONE), tasks, registry, Runnable::run, () -> NOW, () -> 0, NONCE);
        call.begin(NONCE);
        return call;
    }

    private static AgentMessage hello() {
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder().setSpoolId(ByteString.copyFrom(new byte[16])))
                .build();
    }
}
