package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.SessionSteps.Step;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What tests of the rules of a session share: the state one stands in, what comes, and what it leads to. */
abstract class SteppedSessionTest {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final SeriesId SERIES = new SeriesId(7);
    static final AgentSession SESSION = new AgentSession(
            new TenantId(new UUID(0, 1)),
            new AgentId(new UUID(0, 2)),
            new LocationId(new UUID(0, 3)),
            new UUID(0, 4),
            5);
    static final DesiredState WANTED = state(3, 1);
    /** As the welcome told. */
    static final long ACKED = 4;

    SessionState state = new SessionState.AwaitingHello(Bytes.of(new byte[32]));

    void open() {
        state = new SessionState.Open(
                SESSION,
                new UUID(0, 9),
                Map.of(Lane.LIVE, ACKED),
                WANTED,
                false,
                false,
                Map.of(),
                Map.of(),
                Map.of(),
                null);
    }

    List<SessionEffect> say(AgentMessage.Builder message) {
        return say(message, NOW);
    }

    List<SessionEffect> say(AgentMessage.Builder message, Instant at) {
        return step(new SessionInput.FromAgent(message.build(), at));
    }

    List<SessionEffect> step(SessionInput input) {
        Step step = SessionSteps.step(state, input);
        state = step.state();
        return step.effects();
    }

    static DesiredState state(long revision, long seriesRevision) {
        return DesiredState.of(revision, new TreeMap<>(Map.of(SERIES.value(), seriesRevision)));
    }

    static List<MessageCase> sent(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.Send.class::isInstance)
                .map(effect -> ((SessionEffect.Send) effect).message().getMessageCase())
                .toList();
    }

    static SessionEffect.ReadPlan readPlan(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.ReadPlan.class::isInstance)
                .map(SessionEffect.ReadPlan.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
