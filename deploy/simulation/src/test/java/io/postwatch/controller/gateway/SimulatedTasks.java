package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.login.LeaseAnswer;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.evaluation.Rejection;
import io.postwatch.controller.evaluation.SpoolEntry;
import io.postwatch.controller.evaluation.StoredLanes;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.FailureCategory;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.store.DatabaseAway;
import io.postwatch.simulation.store.Placer;
import io.postwatch.simulation.store.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a session asks for, done in the simulated database: where {@link SessionWork} has SQL this has a few lines. */
final class SimulatedTasks implements SessionTasks {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final SimulatedController controller;
    private final ControllerHost host;
    private final Placer placer;
    private final Map<AgentId, Long> pulses = new HashMap<>();

    SimulatedTasks(SimulatedController controller, ControllerHost host, Placer placer) {
        this.controller = controller;
        this.host = host;
        this.placer = placer;
    }

    @Override
    public SessionInput admit(SessionEffect.Admit admit, AgentPeer peer, SessionEnd end) {
        if (end.hasCome()) {
            return new SessionInput.PeerGone();
        }
        AgentSession session;
        try {
            session = host.call(rows -> open(rows, peer.certificate().agent(), attempt(admit.hello())));
        } catch (Overtaken overtaken) {
            return new SessionInput.Refused(GoodbyeReason.GOODBYE_REASON_BUSY, "a later session stands");
        } catch (DatabaseAway away) {
            return new SessionInput.StoreFailed();
        } catch (UnknownAgent unknown) {
            return new SessionInput.Refused(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED, "not known here");
        }
        try {
            return admitted(session, admit.hello());
        } catch (DatabaseAway away) {
            return new SessionInput.WelcomeFailed(session);
        }
    }

    private static final class UnknownAgent extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private static final class Overtaken extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private static Rows.Attempt attempt(Hello hello) {
        return new Rows.Attempt(hello.getBootId(), hello.getAttempt());
    }

    private AgentSession open(Rows rows, AgentId agent, Rows.Attempt attempt) {
        Rows.AgentRow row = rows.agents.get(agent);
        if (row == null) {
            throw new UnknownAgent();
        }
        Rows.Attempt standing = rows.attempts.get(agent);
        if (row.session() != null
                && standing != null
                && standing.boot().equals(attempt.boot())
                && standing.number() > attempt.number()) {
            throw new Overtaken();
        }
        rows.attempts.put(agent, attempt);
        UUID session = host.id();
        rows.agents.put(
                agent,
                new Rows.AgentRow(
                        agent,
                        row.location(),
                        session,
                        row.epoch() + 1,
                        controller.id(),
                        host.now(),
                        row.wantedRevision(),
                        row.appliedRevision()));
        return new AgentSession(Placer.TENANT, agent, row.location(), session, row.epoch() + 1);
    }

    private SessionInput admitted(AgentSession session, Hello hello) {
        UUID spool = ResultMapping.uuid(hello.getSpoolId(), "spool");
        Map<Lane, LaneEnd> acked = host.call(rows -> {
            Map<Lane, LaneEnd> lanes = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                LaneEnd through = told(rows, new Rows.LaneKey(session.agent(), spool, lane));
                if (through != null) {
                    lanes.put(lane, through);
                }
            }
            return lanes;
        });
        DesiredState wanted = host.call(rows -> placer.wanted(rows, session.agent()));
        return new SessionInput.Admitted(
                new Admission.Admitted(session, "agent", "location", false),
                acked,
                wanted,
                new SessionInput.Admitted.Welcoming(
                        host.now(), Duration.ofSeconds(8), List.<ByteString>of(), List.of()));
    }

    /**
     * How far the lane is stored; now and then as it was before its last batch: one of the session before that was let pass
     * when this one was opened, and is committed after this look.
     */
    private @Nullable LaneEnd told(Rows rows, Rows.LaneKey lane) {
        LaneEnd before = rows.beforeLastBatch.get(lane);
        return before != null && before.acked() > 0 && host.mayLookEarly() ? before : rows.acked.get(lane);
    }

    /** Nothing logs in to anything in a simulation. */
    @Override
    public LeaseAnswer lease(SessionEffect.AskLease ask) {
        throw new IllegalStateException("Agent " + ask.agent() + " asks for a login that it doesn't have");
    }

    @Override
    public void giveBack(SessionEffect.ReturnLease returned) {
        throw new IllegalStateException("Agent " + returned.agent() + " gives back what it never got");
    }

    @Override
    public void announce(AgentSession session) {
        host.note("welcomes " + host.name(session.agent()) + ", epoch " + session.epoch());
        controller.place(session.location());
    }

    @Override
    public SessionInput readPlan(SessionEffect.ReadPlan read) {
        try {
            return new SessionInput.PlanRead(
                    host.call(rows -> placer.change(rows, read.session().agent(), read.told(), read.whole())),
                    read.whole());
        } catch (DatabaseAway away) {
            return new SessionInput.PlanUnreadable();
        }
    }

    @Override
    public SessionInput store(SessionEffect.Store store, SessionEnd end) {
        Batch batch = store.batch();
        try {
            BatchOutcome outcome = host.call(rows -> store(rows, batch));
            return new SessionInput.BatchDone(batch.lane(), batch.last(), outcome);
        } catch (DatabaseAway away) {
            return new SessionInput.StoreFailed();
        }
    }

    private BatchOutcome store(Rows rows, Batch batch) {
        Rows.AgentRow agent = rows.agents.get(batch.reporter().agent());
        if (agent == null || !batch.reporter().session().equals(agent.session())) {
            return new BatchOutcome.Fenced();
        }
        Rows.LaneKey key = new Rows.LaneKey(batch.reporter().agent(), batch.spool(), batch.lane());
        LaneEnd end = rows.acked.getOrDefault(key, LaneEnd.NOTHING);
        long acked = end.acked();
        return switch (batch.after(end)) {
            case Batch.Step.OutOfSequence(long through) -> new BatchOutcome.OutOfSequence(through);
            case Batch.Step.OfACopy() -> new BatchOutcome.Fenced();
            case Batch.Step.Store(var fresh, long through) -> {
                checkNoLeap(batch, fresh, acked);
                checkNothingAgain(batch, fresh, acked);
                List<Rejection> rejections = new ArrayList<>();
                fresh.forEach(entry -> store(rows, batch, entry, rejections));
                if (through > acked) {
                    rows.acked.put(key, new LaneEnd(through, batch.mark()));
                    rows.beforeLastBatch.put(key, end);
                }
                yield new BatchOutcome.Stored(through, through > batch.last() ? end.mark() : 0, rejections, Map.of());
            }
        };
    }

    /** Whether the database knows less of a lane than its session was told. */
    static boolean isSetBack(Rows rows, StoredLanes told) {
        return told.through().entrySet().stream()
                .anyMatch(lane -> rows.acked
                                .getOrDefault(
                                        new Rows.LaneKey(told.session().agent(), told.spool(), lane.getKey()),
                                        LaneEnd.NOTHING)
                                .acked()
                        < lane.getValue());
    }

    private void checkNoLeap(Batch batch, List<SpoolEntry> fresh, long acked) {
        if (!fresh.isEmpty() && fresh.getFirst().sequence() > acked + 1 && !host.mayHaveForgotten()) {
            throw host.ledger()
                    .broken("The " + batch.lane() + " lane of "
                            + host.name(batch.reporter().agent()) + " leaps from " + acked + " to "
                            + fresh.getFirst().sequence());
        }
    }

    private void checkNothingAgain(Batch batch, List<SpoolEntry> fresh, long acked) {
        if (!fresh.isEmpty() && fresh.getFirst().sequence() <= acked) {
            throw host.ledger()
                    .broken("The " + batch.lane() + " lane of "
                            + host.name(batch.reporter().agent()) + " is stored through " + acked + ", and "
                            + fresh.getFirst().sequence() + " is stored again");
        }
    }

    private void store(Rows rows, Batch batch, SpoolEntry entry, List<Rejection> rejections) {
        Ledger ledger = host.ledger();
        switch (entry) {
            case SpoolEntry.Gap gap ->
                ledger.gapTold(
                        host.name(batch.reporter().agent()),
                        new Ledger.Place(batch.spool(), batch.lane().name(), gap.sequence()),
                        gap.count());
            case SpoolEntry.Unreadable(var sequence, var why) ->
                throw host.ledger().broken("A record that makes no sense came as number " + sequence + ": " + why);
            case SpoolEntry.Run(var sequence, var run) -> {
                Instant now = host.now();
                if (run.series() == null || !isReportedFrom(rows, batch, run)) {
                    reject(rejections, sequence, run, Rejection.Reason.UNKNOWN_SERIES);
                } else if (run.scheduledAt().isBefore(now.minus(RETENTION))) {
                    reject(rejections, sequence, run, Rejection.Reason.TOO_OLD);
                } else if (run.scheduledAt().isAfter(now.plus(AHEAD))) {
                    reject(rejections, sequence, run, Rejection.Reason.IN_FUTURE);
                } else {
                    ledger.stored(run.runId().value());
                    boolean measured =
                            run.failure() == null || run.failure().code().category() != FailureCategory.AGENT;
                    Rows.ResultKey key = new Rows.ResultKey(run.series().value(), run.scheduledAt());
                    Rows.ResultRow there = rows.results.get(key);
                    Rows.ResultRow came = new Rows.ResultRow(run.runId().value(), measured, run.clockSuspect());
                    if (there == null) {
                        rows.results.put(key, came);
                    } else if (!there.run().equals(came.run())) {
                        boolean better = came.isBetterThan(there);
                        ledger.dropped(better ? there.run() : came.run(), better ? came.run() : there.run());
                        rows.results.put(key, better ? came : there);
                    }
                }
            }
        }
    }

    private static boolean isReportedFrom(Rows rows, Batch batch, RunRecord run) {
        return rows.series.entrySet().stream()
                .anyMatch(entry -> entry.getValue().equals(run.series())
                        && entry.getKey().location().equals(batch.reporter().location()));
    }

    private void reject(List<Rejection> rejections, long sequence, RunRecord run, Rejection.Reason reason) {
        host.ledger().rejected(run.runId().value(), reason.name());
        rejections.add(new Rejection(sequence, reason, ""));
    }

    @Override
    public void store(SessionEffect.StoreCertificates upload) {
        // Nobody sees a certificate in a simulation.
    }

    @Override
    public void record(SessionEffect.RecordPulse pulse, RecentLoad recent) {
        AgentSession session = pulse.session();
        pulses.put(session.agent(), session.epoch());
        host.ledger().skipped(host.name(session.agent()), session.epoch(), recent.skippedInSession());
    }

    /** Written together every ten seconds. */
    void writePulses() {
        Map<AgentId, Long> all = new HashMap<>(pulses);
        pulses.clear();
        host.call(rows -> {
            all.forEach((agent, epoch) -> rows.agents.computeIfPresent(
                    agent, (id, row) -> row.epoch() == epoch ? Placer.seen(row, host.now()) : row));
            return true;
        });
    }

    @Override
    public void record(SessionEffect.RecordApplied report) {
        try {
            host.call(rows -> rows.agents.computeIfPresent(
                    report.session().agent(),
                    (id, row) -> row.epoch() == report.session().epoch()
                            ? Placer.applied(row, report.applied().getRevision())
                            : row));
        } catch (DatabaseAway away) {
            host.note("what " + host.name(report.session().agent()) + " applied is not written");
        }
    }

    @Override
    public void record(SessionEffect.RecordOutcome effect) {
        // Nobody tests a monitor in a simulation.
    }

    @Override
    public void record(SessionEffect.RecordTexts effect) {
        // Nobody proves a domain in a simulation.
    }

    @Override
    public void close(AgentSession session, boolean agentWent) {
        try {
            boolean lost = host.call(rows -> {
                Rows.AgentRow row = rows.agents.get(session.agent());
                if (row == null
                        || row.epoch() != session.epoch()
                        || !session.id().equals(row.session())) {
                    return false;
                }
                rows.agents.put(session.agent(), Placer.withoutSession(row));
                return true;
            });
            host.note("loses " + host.name(session.agent()) + ", epoch " + session.epoch()
                    + (lost ? "" : " (overtaken)"));
            if (lost) {
                controller.place(session.location());
            }
        } catch (DatabaseAway away) {
            host.note("the end of a session of " + host.name(session.agent()) + " is not written");
        }
    }
}
