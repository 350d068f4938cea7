package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.enrolment.Lockout;
import io.postwatch.controller.fleet.AgentSessions.Why;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.SessionLedger.Behind;
import io.postwatch.controller.liveness.SessionLedger.Ended;
import io.postwatch.controller.liveness.SessionLedger.Standing;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.RunTest;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The sessions that stand at this controller, by agent. What is asked of an agent without one is not done, and answered
 * by false. Safe for all threads; no method waits.
 */
@Component
class SessionRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);

    private final Map<AgentId, SessionCall> calls = new ConcurrentHashMap<>();
    private final Set<SessionCall> ungreeted = ConcurrentHashMap.newKeySet();
    /** Where this controller stops, how long its agents have to go. */
    private volatile @Nullable Duration draining;

    private final Counter unknownMessages;
    private final LogBudget complaints = new LogBudget();

    SessionRegistry(MeterRegistry meters) {
        unknownMessages = Counter.builder("postwatch.gateway.unknown.messages")
                .description("Messages of agents that this controller does not know")
                .register(meters);
        meters.gaugeMapSize("postwatch.gateway.sessions", List.of(), calls);
        Gauge.builder("postwatch.gateway.hellos", ungreeted, SessionRegistry::hellos)
                .description("Hellos that wait for their turn, or are judged")
                .register(meters);
    }

    private static double hellos(Set<SessionCall> calls) {
        return calls.stream().filter(SessionCall::isAdmitting).count();
    }

    /** A call whose agent has not said who it is; until {@link #register} or {@link #forget}. */
    void expect(SessionCall call) {
        ungreeted.add(call);
        Duration within = draining;
        if (within != null) {
            call.drain(within);
        }
    }

    void forget(SessionCall call) {
        ungreeted.remove(call);
    }

    /** Of two sessions of one agent the one with the higher epoch stays, whichever came here first. */
    void register(SessionCall call, AgentSession session) {
        SessionCall[] overtaken = new SessionCall[1];
        calls.compute(session.agent(), (agent, other) -> {
            if (other == null) {
                return call;
            }
            boolean newer = epoch(other) < session.epoch();
            overtaken[0] = newer ? other : call;
            return newer ? call : other;
        });
        // Only now: whoever drains first the ones and then the others misses none.
        ungreeted.remove(call);
        if (overtaken[0] != null) {
            supersede(overtaken[0]);
        }
    }

    /** Only where it is still this call's: the end of one that was overtaken changes nothing. */
    void unregister(SessionCall call, AgentSession session) {
        calls.remove(session.agent(), call);
    }

    /** What an agent said is no message, and its call is over. */
    void unreadable(AgentId agent, long now) {
        complaints.spend(
                now, more -> LOG.warn("What agent {} said is not of the protocol: its session ends{}", agent, more));
    }

    void countUnknown() {
        unknownMessages.increment();
    }

    Collection<SessionCall> all() {
        return List.copyOf(calls.values());
    }

    boolean planChanged(AgentId agent) {
        return with(agent, new SessionInput.PlanChanged());
    }

    boolean runOnce(AgentId agent, RunOrder order) {
        return with(agent, new SessionInput.RunOnce(order));
    }

    boolean holds(AgentId agent) {
        return calls.containsKey(agent);
    }

    Optional<AgentSession> session(AgentId agent) {
        return Optional.ofNullable(calls.get(agent)).map(SessionCall::session);
    }

    /** By this session of the agent, and no other. */
    boolean startTest(AgentId agent, UUID session, TestOrderId test, byte[] order) {
        try {
            return offer(agent, session, new SessionInput.StartTest(RunTest.parseFrom(order)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("The order of monitor test " + test + " is unreadable", e);
        }
    }

    /** By this session of the agent, and no other. */
    boolean lookUpTexts(AgentId agent, UUID session, LookUpTexts wanted) {
        return offer(agent, session, new SessionInput.AskForTexts(wanted));
    }

    private boolean offer(AgentId agent, UUID session, SessionInput input) {
        SessionCall call = calls.get(agent);
        AgentSession held = call == null ? null : call.session();
        if (call == null || held == null || !held.id().equals(session)) {
            return false;
        }
        call.offer(input);
        return true;
    }

    boolean cancelTest(AgentId agent, TestOrderId test) {
        ByteString id = OrderMapping.bytes(test.value());
        return with(agent, new SessionInput.CancelTest(id));
    }

    boolean revoked(AgentId agent) {
        return with(agent, revoked());
    }

    /** Sessions of the agent with a smaller epoch are over. */
    void ended(AgentId agent, long epoch, SessionInput.End end) {
        SessionCall call = calls.get(agent);
        if (call != null && epoch(call) < epoch) {
            call.offer(end);
        }
    }

    /** Also where nobody told of it, or the note was lost. */
    void endAll(List<Ended> ended) {
        ended.forEach(one -> ended(one.agent(), one.epoch(), goodbye(one.lockout())));
    }

    /** Another controller holds a session of this agent with this epoch: an older one here is over. */
    void overtaken(AgentId agent, long epoch) {
        SessionCall call = calls.get(agent);
        if (call != null && epoch(call) < epoch) {
            supersede(call);
        }
    }

    /** Whoever was told another plan than is wanted now reads it again, once for each that is wanted. */
    void catchUp(List<Behind> behind) {
        for (Behind agent : behind) {
            SessionCall call = calls.get(agent.agent());
            AgentSession session = call == null ? null : call.session();
            if (call != null && session != null && session.id().equals(agent.session())) {
                call.wants(agent.wantedRevision());
            }
        }
    }

    /** Comes again and is welcomed anew: the database has lost what it had stored of the agent's results. */
    void setBack(Collection<SessionCall> some) {
        some.forEach(call -> call.offer(new SessionInput.Lapsed()));
    }

    private boolean with(AgentId agent, SessionInput input) {
        SessionCall call = calls.get(agent);
        if (call == null) {
            return false;
        }
        call.offer(input);
        return true;
    }

    void endSilent(Duration bound) {
        all().stream().filter(call -> call.isSilentFor(bound)).forEach(call -> call.offer(new SessionInput.Silent()));
    }

    /** More often than agents give up a controller of which they hear nothing. */
    void reassure() {
        ungreeted.forEach(SessionCall::reassure);
        all().forEach(SessionCall::reassure);
    }

    /**
     * Whoever connects and doesn't say who it is would cost memory for as long as it likes; and so would one whose hello
     * was lost here.
     */
    void endUngreeted(Duration helloWithin, Duration judgedWithin) {
        ungreeted.stream()
                .filter(call -> call.isUngreetedFor(helloWithin, judgedWithin))
                .forEach(call -> call.offer(new SessionInput.Silent()));
    }

    /** Whose sessions stand here. */
    List<AgentSession> sessions(Collection<SessionCall> some) {
        return some.stream().map(SessionCall::session).filter(Objects::nonNull).toList();
    }

    /** All that is here ends with this controller, and so does what still comes, until it is {@linkplain #open opened}. */
    void drain(Duration within) {
        draining = within;
        Set<SessionCall> some = new HashSet<>(ungreeted);
        some.addAll(calls.values());
        some.forEach(call -> call.drain(within));
    }

    void open() {
        draining = null;
    }

    /**
     * Compares with what the database says: another controller may have taken over, revoked or changed a plan; and what
     * an agent said that it applied may not have been written.
     */
    void reconcile(Collection<SessionCall> before, List<Standing> standing, Duration answerWithin) {
        Map<AgentId, Standing> byAgent =
                standing.stream().collect(Collectors.toMap(Standing::agent, Function.identity()));
        for (SessionCall call : before) {
            AgentSession session = call.session();
            if (session == null) {
                continue;
            }
            Standing known = byAgent.get(session.agent());
            if (known == null) {
                call.offer(revoked());
            } else if (known.lockout() != null) {
                call.offer(goodbye(known.lockout()));
            } else if (known.session() == null) {
                // Nobody took over: it was taken for lost, or one that took over is over already.
                call.offer(new SessionInput.Lapsed());
            } else if (known.epoch() > session.epoch()) {
                supersede(call);
            } else if (!session.id().equals(known.session())) {
                // A database that was set back knows only what was before it.
                call.offer(new SessionInput.Lapsed());
            } else if (known.wantedRevision() != call.toldRevision()) {
                call.offer(new SessionInput.PlanChanged());
            } else if (known.appliedRevision() < call.toldRevision()) {
                call.askApplied(answerWithin);
            }
        }
    }

    private static void supersede(SessionCall call) {
        call.offer(new SessionInput.End(
                GoodbyeReason.GOODBYE_REASON_SUPERSEDED, "A newer session of this agent took over"));
    }

    static SessionInput.End goodbye(Why why) {
        return switch (why) {
            case REPLACED ->
                new SessionInput.End(
                        GoodbyeReason.GOODBYE_REASON_REPLACED,
                        "Another host has just taken the place of this agent, by an administrator's wish; this one is"
                                + " not needed any more");
            case CLONED -> goodbye(Lockout.CLONED);
        };
    }

    private static SessionInput.End goodbye(@Nullable Lockout lockout) {
        if (lockout == null) {
            return goodbye(Why.REPLACED);
        }
        return switch (lockout) {
            case REVOKED, REFUSED, AWAITING_APPROVAL -> revoked();
            case CLONED -> new SessionInput.End(GoodbyeReason.GOODBYE_REASON_CLONED, lockout.sentence());
        };
    }

    private static SessionInput.End revoked() {
        return new SessionInput.End(GoodbyeReason.GOODBYE_REASON_REVOKED, "This agent was revoked");
    }

    private static long epoch(SessionCall call) {
        AgentSession session = call.session();
        return session == null ? 0 : session.epoch();
    }
}
