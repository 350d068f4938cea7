package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.AgentPlans;
import io.postwatch.controller.assignment.RejectedOrder;
import io.postwatch.controller.assignment.SyncReports;
import io.postwatch.controller.assignment.login.LeaseAnswer;
import io.postwatch.controller.assignment.login.LoginLeases;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Evaluation;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.gate.IngestGate;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.gateway.mapping.TextMapping;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentPulse;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.monitortest.MonitorTests;
import io.postwatch.controller.proof.DomainLooks;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.controller.shared.id.TextLookupId;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.LoginLeaseReturned;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.TextsFound;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What sessions do to the rest of the controller. Called by the thread of each session, which waits for it, and for its
 * hello and each batch of results by one more. Hellos wait at the {@linkplain Reception reception}, and batches pass a
 * {@linkplain IngestGate gate}: as many at once as the database stores well together, fresh results first.
 */
@Component
class SessionWork implements SessionTasks {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWork.class);
    private static final int SHA_256_BYTES = 32;
    private static final int MAX_PORT = 65_535;

    /** More of them would tell people nothing more. */
    private static final int MAX_BLOCKED_PORTS = 16;

    private final Reception reception;
    private final SessionLedger ledger;
    private final SessionEnds ends;
    private final AgentReach reach;
    private final AgentPlans plans;
    private final SyncReports syncReports;
    private final MonitorTests tests;
    private final DomainLooks domainLooks;
    private final Evaluation evaluation;
    private final LoginLeases leases;
    private final Pulses pulses;
    private final IngestGate ingestGate;
    private final NanoTicker ticker;
    private final LogBudget complaints = new LogBudget();

    SessionWork(
            Reception reception,
            SessionLedger ledger,
            SessionEnds ends,
            AgentReach reach,
            AgentPlans plans,
            SyncReports syncReports,
            MonitorTests tests,
            DomainLooks domainLooks,
            Evaluation evaluation,
            LoginLeases leases,
            Pulses pulses,
            GatewayProperties properties,
            NanoTicker ticker) {
        this.reception = reception;
        this.ledger = ledger;
        this.ends = ends;
        this.reach = reach;
        this.plans = plans;
        this.syncReports = syncReports;
        this.tests = tests;
        this.domainLooks = domainLooks;
        this.evaluation = evaluation;
        this.leases = leases;
        this.pulses = pulses;
        this.ingestGate = new IngestGate(
                properties.batchesAtOnce(), properties.waitingBytes().toBytes());
        this.ticker = ticker;
    }

    @Override
    public SessionInput admit(SessionEffect.Admit admit, AgentPeer peer, SessionEnd end) {
        return reception.admit(admit, peer, end);
    }

    @Override
    public void announce(AgentSession session) {
        reach.opened(session);
        ledger.announce(session);
    }

    @Override
    public SessionInput readPlan(SessionEffect.ReadPlan read) {
        try {
            return new SessionInput.PlanRead(plans.change(read.session(), read.told(), read.whole()), read.whole());
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What agent {} is to run could not be read", read.session().agent(), e);
            return new SessionInput.PlanUnreadable();
        }
    }

    @Override
    public SessionInput store(SessionEffect.Store store, SessionEnd end) {
        // What nobody waits for any more is not stored: its agent has kept it and sends it in its next session.
        return ingestGate.pass(
                store.batch().lane(), store.bytes(), end, () -> store(store), new SessionInput.StoreFailed());
    }

    @Override
    public boolean isCrowded(Lane lane) {
        return ingestGate.isCrowded(lane);
    }

    private SessionInput store(SessionEffect.Store store) {
        try {
            BatchOutcome outcome = evaluation.store(store.batch());
            return new SessionInput.BatchDone(
                    store.batch().lane(), store.batch().last(), outcome);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn(
                    "A batch of agent {} was not stored",
                    store.batch().reporter().agent(),
                    e);
            return new SessionInput.StoreFailed();
        }
    }

    @Override
    public void store(SessionEffect.StoreCertificates upload) {
        CertificateUpload message = upload.upload();
        List<Bytes> certificates =
                message.getCertificatesList().stream().map(ResultMapping::bytes).toList();
        try {
            evaluation.storeCertificates(certificates, upload.wanted());
        } catch (DataAccessException | TransactionException e) {
            // Asked for again with the next run that sees them.
            LOG.warn(
                    "Certificates sent by agent {} were not stored",
                    upload.session().agent(),
                    e);
        }
    }

    @Override
    public void record(SessionEffect.RecordPulse pulse, RecentLoad recent) {
        Heartbeat heartbeat = pulse.heartbeat();
        Load load = heartbeat.getLoad();
        try {
            pulses.put(new AgentPulse(
                    pulse.session(),
                    pulse.receivedAt(),
                    Duration.between(pulse.receivedAt(), ResultMapping.instant(heartbeat.getWallTime())),
                    Math.max(0, load.getSpoolRows()),
                    recent,
                    Math.max(0, load.getResidentBytes()),
                    Math.max(0, load.getAssignments()),
                    blockedPorts(heartbeat)));
        } catch (IllegalArgumentException e) {
            LOG.debug(
                    "A heartbeat of agent {} makes no sense: {}",
                    pulse.session().agent(),
                    e.getMessage());
        }
    }

    private static List<Integer> blockedPorts(Heartbeat heartbeat) {
        return heartbeat.getBlockedPortsList().stream()
                .filter(port -> port >= 1 && port <= MAX_PORT)
                .distinct()
                .sorted()
                .limit(MAX_BLOCKED_PORTS)
                .toList();
    }

    @Override
    public void record(SessionEffect.RecordApplied report) {
        Applied applied = report.applied();
        int hashBytes = applied.getHash().size();
        if ((hashBytes != 0 && hashBytes != SHA_256_BYTES) || applied.getRevision() < 0) {
            complaints.spend(
                    ticker.nanos(),
                    more -> LOG.warn(
                            "What agent {} says that it runs makes no sense: revision {}, a hash of {} bytes{}",
                            report.session().agent(),
                            applied.getRevision(),
                            hashBytes,
                            more));
            return;
        }
        try {
            syncReports.applied(
                    report.session(),
                    applied.getRevision(),
                    ResultMapping.bytes(applied.getHash()),
                    applied.getRejectedList().stream()
                            .filter(rejected -> rejected.getSeries() > 0)
                            .map(SessionWork::rejected)
                            .toList());
        } catch (DataAccessException | TransactionException e) {
            // The next comparison with the database finds out, and asks the agent again.
            LOG.warn("What agent {} runs was not written", report.session().agent(), e);
        }
    }

    private static RejectedOrder rejected(RejectedAssignment rejected) {
        return new RejectedOrder(
                new SeriesId(rejected.getSeries()),
                rejected.getRevision(),
                switch (rejected.getReason()) {
                    case REJECTION_REASON_UNSUPPORTED -> RejectedOrder.Reason.UNSUPPORTED;
                    case REJECTION_REASON_INVALID -> RejectedOrder.Reason.INVALID;
                    case REJECTION_REASON_SECRET_UNREADABLE -> RejectedOrder.Reason.SECRET_UNREADABLE;
                    case REJECTION_REASON_OVER_CAPACITY -> RejectedOrder.Reason.OVER_CAPACITY;
                    case REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED -> RejectedOrder.Reason.LOCAL_SECRET_NOT_ALLOWED;
                    case REJECTION_REASON_UNSPECIFIED, UNRECOGNIZED -> RejectedOrder.Reason.UNKNOWN;
                },
                ResultMapping.text(rejected.getMessage(), ResultMapping.MAX_SENTENCE_CHARACTERS));
    }

    @Override
    public void record(SessionEffect.RecordOutcome effect) {
        TestOutcome outcome = effect.outcome();
        try {
            tests.outcome(
                    effect.session().agent(),
                    new TestOrderId(ResultMapping.uuid(outcome.getTestId(), "monitor test")),
                    ResultMapping.run(outcome.getResult()),
                    outcome.getChainList().stream()
                            .limit(ResultMapping.MAX_CHAIN)
                            .map(ResultMapping::bytes)
                            .toList());
        } catch (IllegalArgumentException e) {
            complaints.spend(
                    ticker.nanos(),
                    more -> LOG.warn(
                            "The outcome of a monitor test by agent {} makes no sense: {}{}",
                            effect.session().agent(),
                            e.getMessage(),
                            more));
        } catch (DataAccessException | TransactionException e) {
            // The test ends at its deadline.
            LOG.warn(
                    "The outcome of a monitor test by agent {} was not written",
                    effect.session().agent(),
                    e);
        }
    }

    @Override
    public void record(SessionEffect.RecordTexts effect) {
        TextsFound found = effect.found();
        try {
            domainLooks.answer(
                    effect.session().agent(),
                    new TextLookupId(ResultMapping.uuid(found.getLookupId(), "lookup")),
                    TextMapping.answer(found));
        } catch (IllegalArgumentException e) {
            complaints.spend(
                    ticker.nanos(),
                    more -> LOG.warn(
                            "What agent {} found at a name makes no sense: {}{}",
                            effect.session().agent(),
                            e.getMessage(),
                            more));
        } catch (DataAccessException | TransactionException e) {
            // The look ends at its deadline.
            LOG.warn(
                    "What agent {} found at a name was not written",
                    effect.session().agent(),
                    e);
        }
    }

    @Override
    public LeaseAnswer lease(SessionEffect.AskLease ask) {
        LoginLeaseWanted wanted = ask.wanted();
        try {
            return leases.ask(
                    ask.agent(),
                    ResultMapping.uuid(wanted.getLeaseId(), "login lease"),
                    new SeriesId(wanted.getSeries()),
                    ResultMapping.duration(wanted.getLasting()));
        } catch (IllegalArgumentException e) {
            complaints.spend(
                    ticker.nanos(),
                    more -> LOG.warn(
                            "Agent {} asks for a login in a way that makes no sense: {}{}",
                            ask.agent(),
                            e.getMessage(),
                            more));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Whether agent {} may log in could not be found out", ask.agent(), e);
        }
        return LoginLeases.busy();
    }

    @Override
    public void giveBack(SessionEffect.ReturnLease effect) {
        LoginLeaseReturned returned = effect.returned();
        try {
            leases.giveBack(
                    effect.agent(), ResultMapping.uuid(returned.getLeaseId(), "login lease"), returned.getRefused());
        } catch (IllegalArgumentException | DataAccessException | TransactionException e) {
            // It ends by itself.
            LOG.debug("A login lease of agent {} was not given back", effect.agent(), e);
        }
    }

    @Override
    public void close(AgentSession session, boolean agentWent) {
        ends.write(session, agentWent);
    }
}
