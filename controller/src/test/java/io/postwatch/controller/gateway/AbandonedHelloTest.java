package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Hello;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An agent that gave its hello up while this side was busy with it. */
class AbandonedHelloTest {
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final AgentId AGENT = new AgentId(new UUID(0, 3));
    private static final Bytes NONCE = Bytes.of(new byte[32]);

    private final TestStream stream = new TestStream();
    private final SessionRegistry registry = new SessionRegistry(new SimpleMeterRegistry());
    private final List<String> done = new ArrayList<>();
    private boolean goneBefore;
    private boolean goneAfter;

    @Test
    void whoIsGoneBeforeItIsJudgedIsNotJudged() {
        goneBefore = true;
        hello();
        assertThat(done).containsExactly("not judged");
        assertThat(registry.holds(AGENT)).isFalse();
    }

    @Test
    void whatWasOpenedForOneThatIsGoneIsClosedAndAnnouncedToNobody() {
        goneAfter = true;
        hello();
        assertThat(done).containsExactly("opened", "closed");
        assertThat(registry.holds(AGENT)).isFalse();
    }

    @Test
    void whoIsStillThereIsLetIn() {
        hello();
        assertThat(done).containsExactly("opened", "announced");
        assertThat(registry.holds(AGENT)).isTrue();
    }

    private void hello() {
        SessionCall call = new SessionCall(
                stream,
                TestPeers.of(AGENT, BigInteger.ONE),
                new Tasks(),
                registry,
                Runnable::run,
                () -> NOW,
                () -> 0,
                NONCE);
        call.begin(NONCE);
        call.onNext(AgentMessage.newBuilder()
                .setHello(Hello.newBuilder().setSpoolId(ByteString.copyFrom(new byte[16])))
                .build());
    }

    private final class Tasks extends UnfoolableTasks {
        Tasks() {
            super(NOW);
        }

        @Override
        public SessionInput admit(SessionEffect.Admit admit, AgentPeer certificate, SessionEnd end) {
            if (goneBefore) {
                stream.cancel();
            }
            if (end.hasCome()) {
                done.add("not judged");
                return new SessionInput.PeerGone();
            }
            done.add("opened");
            SessionInput answer = super.admit(admit, certificate, end);
            if (goneAfter) {
                stream.cancel();
            }
            return answer;
        }

        @Override
        public void announce(AgentSession session) {
            done.add("announced");
        }

        @Override
        public void close(AgentSession session, boolean agentWent) {
            done.add("closed");
        }
    }
}
