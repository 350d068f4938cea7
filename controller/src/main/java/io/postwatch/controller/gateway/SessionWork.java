package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.AgentPlans;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.RejectedOrder;
import io.postwatch.controller.assignment.SyncReports;
import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Evaluation;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.gateway.gate.AdmissionGate;
import io.postwatch.controller.gateway.gate.IngestGate;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentFacts;
import io.postwatch.controller.liveness.AgentPulse;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.liveness.SessionRequest;
import io.postwatch.controller.monitortest.MonitorTests;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What sessions do to the rest of the controller. Called by the thread of each session, which waits for it, and for its
 * hello and each batch of results by one more. Hellos pass a {@linkplain AdmissionGate gate}, and batches
 * {@linkplain IngestGate another}: as many at once as the database stores well together, fresh results first.
 */
@Component
class SessionWork implements SessionTasks {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWork.class);
    private static final int SHA_256_BYTES = 32;
    private static final int MAX_PORT = 65_535;

    /** More of them would tell people nothing more. */
    private static final int MAX_BLOCKED_PORTS = 16;

    private static final AdmissionGate.Answers<SessionInput> UNJUDGED = new AdmissionGate.Answers<>(
            new SessionInput.Refused(
                    GoodbyeReason.GOODBYE_REASON_BUSY, "Too many agents connect at this moment; come again"),
            new SessionInput.PeerGone(),
            new SessionInput.StoreFailed(),
            SessionWork::database);

    private final SessionLedger ledger;
    private final SessionEnds ends;
    private final AgentReach reach;
    private final CertificateAuthority authority;
    private final AgentPlans plans;
    private final SyncReports syncReports;
    private final MonitorTests tests;
    private final Evaluation evaluation;
    private final Pulses pulses;
    private final GatewayProperties properties;
    private final InstantSource clock;
    private final IngestGate ingestGate;
    private final AdmissionGate admissionGate;
    private final NanoTicker ticker;
    private final LogBudget complaints = new LogBudget();

    SessionWork(
            SessionLedger ledger,
            SessionEnds ends,
            AgentReach reach,
            CertificateAuthority authority,
            AgentPlans plans,
            SyncReports syncReports,
            MonitorTests tests,
            Evaluation evaluation,
            Pulses pulses,
            GatewayProperties properties,
            InstantSource clock,
            NanoTicker ticker) {
        this.ledger = ledger;
        this.ends = ends;
        this.reach = reach;
        this.authority = authority;
        this.plans = plans;
        this.syncReports = syncReports;
        this.tests = tests;
        this.evaluation = evaluation;
        this.pulses = pulses;
        this.properties = properties;
        this.clock = clock;
        this.ingestGate = new IngestGate(
                properties.batchesAtOnce(), properties.waitingBytes().toBytes());
        this.admissionGate = new AdmissionGate(
                properties.admissionsPerSecond(),
                properties.admissionsAtOnce(),
                properties.admissionPatience(),
                ticker);
        this.ticker = ticker;
    }

    @Override
    public SessionInput admit(SessionEffect.Admit admit, AgentCertificate certificate, SessionEnd end) {
        return admissionGate.pass(certificate.agent(), end, () -> judge(admit, certificate), UNJUDGED);
    }

    /** What an answer to a hello tells of the database. */
    private static AdmissionGate.Database database(SessionInput answer) {
        return switch (answer) {
            case SessionInput.StoreFailed _, SessionInput.WelcomeFailed _ -> AdmissionGate.Database.AWAY;
            case SessionInput.Admitted _ -> AdmissionGate.Database.ANSWERED;
            case SessionInput.Refused(var reason, var _)
            when reason != GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR -> AdmissionGate.Database.ANSWERED;
            case SessionInput.Refused _,
                    SessionInput.FromAgent _,
                    SessionInput.Room _,
                    SessionInput.PeerDone _,
                    SessionInput.PeerGone _,
                    SessionInput.PlanChanged _,
                    SessionInput.AppliedUnknown _,
                    SessionInput.PlanRead _,
                    SessionInput.PlanUnreadable _,
                    SessionInput.RunOnce _,
                    SessionInput.StartTest _,
                    SessionInput.CancelTest _,
                    SessionInput.BatchDone _,
                    SessionInput.End _,
                    SessionInput.Drain _,
                    SessionInput.Busy _,
                    SessionInput.Silent _,
                    SessionInput.Lapsed _ -> AdmissionGate.Database.NOT_ASKED;
        };
    }

    private SessionInput judge(SessionEffect.Admit admit, AgentCertificate certificate) {
        Hello hello = admit.hello();
        try {
            SessionRequest request = request(admit, certificate);
            return switch (ledger.open(request)) {
                case Admission.Refused(var reason, var message) -> {
                    complaints.spend(
                            ticker.nanos(),
                            more -> LOG.info("Agent {} was not let in: {}{}", request.claimed(), message, more));
                    yield new SessionInput.Refused(
                            switch (reason) {
                                case NOT_IDENTIFIED -> GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED;
                                case REVOKED -> GoodbyeReason.GOODBYE_REASON_REVOKED;
                                // A machine that was set back to a snapshot of itself counts anew from there: its
                                // session
                                // of before is missed soon, and then it is let in.
                                case OVERTAKEN -> GoodbyeReason.GOODBYE_REASON_BUSY;
                            },
                            message);
                }
                case Admission.Admitted admitted -> admitted(admitted, hello);
            };
        } catch (IllegalArgumentException e) {
            return new SessionInput.Refused(
                    GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "The hello makes no sense: " + e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The hello of agent {} could not be judged", certificate.agent(), e);
            return new SessionInput.StoreFailed();
        }
    }

    private SessionInput admitted(Admission.Admitted admitted, Hello hello) {
        AgentSession session = admitted.session();
        LOG.info("Agent {} ({}) is connected, epoch {}", session.agent(), admitted.agentName(), session.epoch());
        try {
            UUID spool = ResultMapping.uuid(hello.getSpoolId(), "spool");
            Map<Lane, LaneEnd> acked = evaluation.acked(session.tenant(), session.agent(), spool);
            List<ByteString> roots = authority.roots().stream()
                    .map(root -> ByteString.copyFrom(CertificateBytes.of(root)))
                    .toList();
            DesiredState wanted = plans.wanted(session);
            return new SessionInput.Admitted(
                    admitted,
                    acked,
                    wanted,
                    new SessionInput.Admitted.Welcoming(clock.instant(), properties.heartbeatInterval(), roots));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What agent {} has to be told first could not be read", session.agent(), e);
            return new SessionInput.WelcomeFailed(session);
        }
    }

    private SessionRequest request(SessionEffect.Admit admit, AgentCertificate certificate) {
        Hello hello = admit.hello();
        Duration offset = Duration.between(admit.receivedAt(), ResultMapping.instant(hello.getWallTime()));
        return new SessionRequest(
                certificate,
                new AgentId(ResultMapping.uuid(hello.getAgentId(), "agent")),
                admit.nonce(),
                bytes(hello.getSignature()),
                bytes(hello.getSealingKey()),
                bytes(hello.getBootId()),
                hello.getAttempt(),
                facts(hello),
                offset);
    }

    private static AgentFacts facts(Hello hello) {
        Capabilities capabilities = hello.getCapabilities();
        Set<MonitorType> types = capabilities.getCheckTypesList().stream()
                .map(type -> switch (type) {
                    case CHECK_TYPE_SMTP -> MonitorType.SMTP;
                    case CHECK_TYPE_IMAP -> MonitorType.IMAP;
                    case CHECK_TYPE_POP3 -> MonitorType.POP3;
                    case CHECK_TYPE_UNSPECIFIED, UNRECOGNIZED -> null;
                })
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Set<AuthMechanism> mechanisms = capabilities.getAuthMechanismsList().stream()
                .map(ResultMapping::mechanism)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return new AgentFacts(
                hello.getVersion(),
                hello.getHost().getHostname(),
                hello.getHost().getOs(),
                hello.getHost().getArch(),
                capabilities.getIpv4(),
                capabilities.getIpv6(),
                types,
                mechanisms,
                Math.max(0, capabilities.getMaxRunsPerSecond()));
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
                message.getCertificatesList().stream().map(SessionWork::bytes).toList();
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
                    bytes(applied.getHash()),
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
                            .map(SessionWork::bytes)
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
    public void close(AgentSession session, boolean agentWent) {
        ends.write(session, agentWent);
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }
}
