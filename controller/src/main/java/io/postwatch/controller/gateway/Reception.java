package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.AgentPlans;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.evaluation.Evaluation;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.gateway.gate.AdmissionGate;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentFacts;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.liveness.SessionRequest;
import io.postwatch.controller.scope.SqlStates;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.Capabilities;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Hello;
import java.security.cert.X509Certificate;
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
 * Judges the hellos of agents, some at the same time, the others in line before the {@linkplain AdmissionGate gate}: who
 * is let in, and what the agent is to be told first. Safe for all threads.
 */
@Component
class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private static final AdmissionGate.Answers<Judged> UNJUDGED = new AdmissionGate.Answers<>(
            Judged.unasked(busy("Too many agents connect at this moment; come again")),
            Judged.unasked(new SessionInput.PeerGone()),
            Judged.unasked(busy("The database does not answer at this moment; come again")),
            Judged::told);

    private final SessionLedger ledger;
    private final CertificateAuthority authority;
    private final AgentPlans plans;
    private final Evaluation evaluation;
    private final GatewayProperties properties;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private final AdmissionGate gate;
    private final LogBudget complaints = new LogBudget();

    Reception(
            SessionLedger ledger,
            CertificateAuthority authority,
            AgentPlans plans,
            Evaluation evaluation,
            GatewayProperties properties,
            InstantSource clock,
            NanoTicker ticker) {
        this.ledger = ledger;
        this.authority = authority;
        this.plans = plans;
        this.evaluation = evaluation;
        this.properties = properties;
        this.clock = clock;
        this.ticker = ticker;
        this.gate = new AdmissionGate(
                properties.admissionsPerSecond(),
                properties.admissionsAtOnce(),
                properties.admissionPatience(),
                ticker);
    }

    /** What becomes of a hello, and what that tells of the database. */
    private record Judged(SessionInput answer, AdmissionGate.Database told) {
        static Judged answered(SessionInput answer) {
            return new Judged(answer, AdmissionGate.Database.ANSWERED);
        }

        static Judged unasked(SessionInput answer) {
            return new Judged(answer, AdmissionGate.Database.NOT_ASKED);
        }

        /** A lock that somebody holds, or a pool whose connections are all in use, is no database that is away. */
        static Judged failed(SessionInput answer, RuntimeException failure) {
            return SqlStates.tellsOfNoConnection(failure)
                    ? new Judged(answer, AdmissionGate.Database.AWAY)
                    : answered(answer);
        }
    }

    private static SessionInput busy(String sentence) {
        return new SessionInput.Refused(GoodbyeReason.GOODBYE_REASON_BUSY, sentence);
    }

    /** Waits until it is the hello's turn; see {@link SessionTasks#admit}. */
    SessionInput admit(SessionEffect.Admit admit, AgentPeer peer, SessionEnd end) {
        return gate.pass(peer.certificate().agent(), end, () -> judge(admit, peer), UNJUDGED)
                .answer();
    }

    private Judged judge(SessionEffect.Admit admit, AgentPeer peer) {
        Hello hello = admit.hello();
        try {
            SessionRequest request = request(admit, peer);
            return switch (ledger.open(request)) {
                case Admission.Refused(var reason, var message) -> {
                    complaints.spend(
                            ticker.nanos(),
                            more -> LOG.info(
                                    "Agent {} from {} was not let in: {}{}",
                                    request.claimed(),
                                    peer.address(),
                                    message,
                                    more));
                    yield Judged.answered(new SessionInput.Refused(
                            switch (reason) {
                                case NOT_IDENTIFIED -> GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED;
                                case REVOKED -> GoodbyeReason.GOODBYE_REASON_REVOKED;
                                case CLONED -> GoodbyeReason.GOODBYE_REASON_CLONED;
                                case REPLACED -> GoodbyeReason.GOODBYE_REASON_REPLACED;
                                case REACH_TOO_WIDE -> GoodbyeReason.GOODBYE_REASON_UNSUITABLE;
                                // A machine that was set back to a snapshot of itself counts anew from there. Its
                                // session of before is missed soon, and then it is let in.
                                case OVERTAKEN -> GoodbyeReason.GOODBYE_REASON_BUSY;
                            },
                            message));
                }
                case Admission.Admitted admitted -> admitted(admitted, hello);
            };
        } catch (IllegalArgumentException e) {
            return Judged.unasked(new SessionInput.Refused(
                    GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "The hello makes no sense: " + e.getMessage()));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn(
                    "The hello of agent {} could not be judged",
                    peer.certificate().agent(),
                    e);
            return Judged.failed(new SessionInput.StoreFailed(), e);
        }
    }

    private Judged admitted(Admission.Admitted admitted, Hello hello) {
        AgentSession session = admitted.session();
        LOG.info("Agent {} ({}) is connected, epoch {}", session.agent(), admitted.agentName(), session.epoch());
        try {
            UUID spool = ResultMapping.uuid(hello.getSpoolId(), "spool");
            Map<Lane, LaneEnd> acked = evaluation.acked(session.tenant(), session.agent(), spool);
            DesiredState wanted = plans.wanted(session);
            return Judged.answered(new SessionInput.Admitted(
                    admitted,
                    acked,
                    wanted,
                    new SessionInput.Admitted.Welcoming(
                            clock.instant(),
                            properties.heartbeatInterval(),
                            encoded(authority.roots()),
                            encoded(authority.formerRoots()))));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What agent {} has to be told first could not be read", session.agent(), e);
            return Judged.failed(new SessionInput.WelcomeFailed(session), e);
        }
    }

    private static List<ByteString> encoded(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> ByteString.copyFrom(CertificateBytes.of(certificate)))
                .toList();
    }

    private SessionRequest request(SessionEffect.Admit admit, AgentPeer peer) {
        Hello hello = admit.hello();
        Duration offset = Duration.between(admit.receivedAt(), ResultMapping.instant(hello.getWallTime()));
        return new SessionRequest(
                peer,
                new AgentId(ResultMapping.uuid(hello.getAgentId(), "agent")),
                admit.nonce(),
                ResultMapping.bytes(hello.getSignature()),
                ResultMapping.bytes(hello.getSealingKey()),
                ResultMapping.bytes(hello.getBootId()),
                hello.getAttempt(),
                hello.getGeneration(),
                hello.getTrustedRootsList().stream().map(ResultMapping::bytes).toList(),
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
        // A name that is none is left out, not the agent.
        Set<LocalSecretName> localSecrets = capabilities.getLocalSecretsList().stream()
                .filter(LocalSecretName::isOne)
                .limit(AgentFacts.MAX_LOCAL_SECRETS)
                .map(LocalSecretName::new)
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
                Math.max(0, capabilities.getMaxRunsPerSecond()),
                capabilities.getPublicAddressesOnly(),
                localSecrets);
    }
}
