package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.AgentLink;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.fleet.AgentSessions;
import io.postwatch.controller.gateway.mapping.TextMapping;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.monitortest.TestLink;
import io.postwatch.controller.peers.PeerListener;
import io.postwatch.controller.peers.PeerNote;
import io.postwatch.controller.peers.PeerNotes;
import io.postwatch.controller.proof.TextLink;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.controller.shared.id.TextLookupId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * How the other modules reach an agent, whichever controller holds its session: here at once, elsewhere by a note to the
 * others, of whom the one that holds it does what is asked. A note that is lost is made up for: plans, revocations and
 * sessions are compared with the database, a test has a deadline, and a run comes with its period. No method waits.
 */
@Component
class AgentReach implements AgentLink, TestLink, TextLink, AgentSessions, PeerListener {
    private static final String PLAN = "agent-plan";
    private static final String RUN = "agent-run";
    private static final String REVOKED = "agent-revoked";
    private static final String ENDED = "agent-ended";
    private static final String SESSION = "agent-session";
    private static final String CANCEL_TEST = "agent-test-cancelled";

    private final SessionRegistry registry;
    private final PeerNotes peers;

    AgentReach(SessionRegistry registry, PeerNotes peers) {
        this.registry = registry;
        this.peers = peers;
    }

    @Override
    public void planChanged(AgentId agent) {
        if (!registry.planChanged(agent)) {
            peers.tell(PLAN, agent.toString());
        }
    }

    @Override
    public void runOnce(AgentId agent, RunOrder order) {
        if (!registry.runOnce(agent, order)) {
            peers.tell(
                    RUN,
                    String.join(
                            " ",
                            agent.toString(),
                            Long.toString(order.series().value()),
                            Long.toString(order.revision()),
                            order.scheduledAt().toString()));
        }
    }

    @Override
    public Optional<UUID> session(AgentId agent) {
        return registry.session(agent).map(AgentSession::id);
    }

    @Override
    public boolean startTest(AgentId agent, UUID session, TestOrderId id, byte[] order) {
        return registry.startTest(agent, session, id, order);
    }

    @Override
    public boolean lookUpTexts(AgentId agent, UUID session, TextLookupId id, String name) {
        return registry.lookUpTexts(agent, session, TextMapping.wanted(id, name));
    }

    @Override
    public void cancelTest(AgentId agent, TestOrderId id) {
        if (!registry.cancelTest(agent, id)) {
            peers.tell(CANCEL_TEST, agent + " " + id);
        }
    }

    @Override
    public void revoked(AgentId agent) {
        // Also where a session is here: it may be one that was overtaken by another's.
        registry.revoked(agent);
        peers.tell(REVOKED, agent.toString());
    }

    @Override
    public void ended(AgentId agent, long epoch, Why why) {
        registry.ended(agent, epoch, SessionRegistry.goodbye(why));
        peers.tell(ENDED, String.join(" ", agent.toString(), Long.toString(epoch), why.name()));
    }

    /** A session stands here: what other controllers hold of this agent is over. */
    void opened(AgentSession session) {
        peers.tell(SESSION, session.agent() + " " + session.epoch());
    }

    @Override
    public Set<String> topics() {
        return Set.of(PLAN, RUN, REVOKED, ENDED, SESSION, CANCEL_TEST);
    }

    @Override
    public void hear(PeerNote note) {
        String[] parts = note.body().split(" ", -1);
        AgentId agent = AgentId.of(parts[0]);
        switch (note.topic()) {
            case PLAN -> registry.planChanged(agent);
            case RUN ->
                registry.runOnce(
                        agent,
                        new RunOrder(
                                new SeriesId(Long.parseLong(parts[1])),
                                Long.parseLong(parts[2]),
                                Instant.parse(parts[3])));
            case REVOKED -> registry.revoked(agent);
            case ENDED ->
                registry.ended(agent, Long.parseLong(parts[1]), SessionRegistry.goodbye(Why.valueOf(parts[2])));
            case SESSION -> registry.overtaken(agent, Long.parseLong(parts[1]));
            case CANCEL_TEST -> registry.cancelTest(agent, new TestOrderId(UUID.fromString(parts[1])));
            default -> throw new IllegalArgumentException("Not a topic of agents: " + note.topic());
        }
    }

    /** Nothing to do at once: the looks at the database that come every few moments find what was missed. */
    @Override
    public void missed() {
        // Sessions and plans are compared with the database several times a second anyway.
    }
}
