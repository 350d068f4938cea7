package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.AgentChallenges;
import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.gateway.gate.CallLimits;
import io.postwatch.controller.gateway.gate.CallLimits.Kind;
import io.postwatch.controller.gateway.gate.DecisionPlaces;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.IssueChallengeResponse;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Everything an agent calls. Called by virtual threads, one per call at a time; each may wait for the database. */
final class AgentGatewayService extends AgentGatewayGrpc.AgentGatewayImplBase {
    /** The client certificate of the connection, verified by TLS against the platform's root; null where there is none. */
    static final Context.Key<@Nullable AgentCertificate> CERTIFICATE = Context.key("agent-certificate");
    /** From where the connection comes. */
    static final Context.Key<InetAddress> ADDRESS = Context.key("agent-address");

    private static final Logger LOG = LoggerFactory.getLogger(AgentGatewayService.class);
    private static final int NONCE_BYTES = 32;
    /** Enrolments and renewals decided at once: anyone may ask for one, and each takes a signature and a connection. */
    private static final int DECISIONS_AT_ONCE = 4;
    /** Of these enrolments: the others are left to agents that are known, whoever asks to be one. */
    private static final int ENROLMENTS_AT_ONCE = 2;

    private static final Duration DECISION_WAIT = Duration.ofSeconds(2);

    private final AgentChallenges challenges;
    private final Enrolment enrolment;
    private final CertificateRenewal renewal;
    private final SessionWork work;
    private final SessionRegistry registry;
    private final CallLimits limits;
    private final Executor executor;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private final DecisionPlaces decisions = new DecisionPlaces(DECISIONS_AT_ONCE, ENROLMENTS_AT_ONCE, DECISION_WAIT);
    private final SecureRandom random = new SecureRandom();

    AgentGatewayService(
            AgentChallenges challenges,
            Enrolment enrolment,
            CertificateRenewal renewal,
            SessionWork work,
            SessionRegistry registry,
            CallLimits limits,
            Executor executor,
            InstantSource clock,
            NanoTicker ticker) {
        this.challenges = challenges;
        this.enrolment = enrolment;
        this.renewal = renewal;
        this.work = work;
        this.registry = registry;
        this.limits = limits;
        this.executor = executor;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public void issueChallenge(IssueChallengeRequest request, StreamObserver<IssueChallengeResponse> answer) {
        Duration wait = limits.take(Kind.CHALLENGE, ADDRESS.get());
        if (!wait.isZero()) {
            answer.onError(tooMany(wait));
            return;
        }
        answer.onNext(IssueChallengeResponse.newBuilder()
                .setNonce(bytes(challenges.issue()))
                .build());
        answer.onCompleted();
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
        inTurn(Kind.ENROLMENT, answer, () -> decide(request, answer));
    }

    /** Where too many wait, the agent is told to come again rather than left to fill this side. */
    private void inTurn(Kind kind, StreamObserver<?> answer, BooleanSupplier decision) {
        InetAddress from = ADDRESS.get();
        Duration wait = limits.take(kind, from);
        if (!wait.isZero()) {
            answer.onError(tooMany(wait));
            return;
        }
        if (!decisions.enter(kind)) {
            answer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("Too many agents enrol or renew at this moment; come again")
                    .asRuntimeException());
            return;
        }
        try {
            if (!decision.getAsBoolean()) {
                limits.wrong(kind, from);
            }
        } finally {
            decisions.leave(kind);
        }
    }

    private static RuntimeException tooMany(Duration wait) {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("Too many agents of this address enrol or renew; come again in "
                        + (wait.toSeconds() + 1) + " s")
                .asRuntimeException();
    }

    /** Whether it came with a token and a signature that somebody knows; or could not be judged. */
    private boolean decide(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
        Enrolment.Answer outcome;
        try {
            outcome = enrolment.enrol(new Enrolment.Application(
                    request.getToken(),
                    bytes(request.getNonce()),
                    bytes(request.getIdentityKey()),
                    bytes(request.getSealingKey()),
                    bytes(request.getCertificateRequest()),
                    bytes(request.getSignature()),
                    request.getName(),
                    request.getVersion(),
                    address()));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("An enrolment could not be decided", e);
            answer.onError(databaseSilent());
            return true;
        }
        IdentityAnswers.tell(outcome, address(), answer);
        return !(outcome instanceof Enrolment.Answer.Refused(var reason, var _)) || reason.isOfSomebodyKnown();
    }

    @Override
    public void renewCertificate(RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
        inTurn(Kind.RENEWAL, answer, () -> decide(request, answer));
    }

    /** Whether it was signed by a key that somebody knows; or could not be judged. */
    private boolean decide(RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
        AgentId agent;
        CertificateRenewal.Answer outcome;
        try {
            agent = new AgentId(ResultMapping.uuid(request.getAgentId(), "agent"));
            outcome = renewal.renew(new CertificateRenewal.Application(
                    agent,
                    bytes(request.getNonce()),
                    bytes(request.getCertificateRequest()),
                    bytes(request.getSignature()),
                    request.getGeneration(),
                    address()));
        } catch (IllegalArgumentException e) {
            answer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return false;
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A renewal could not be decided", e);
            answer.onError(databaseSilent());
            return true;
        }
        IdentityAnswers.tell(outcome, agent, address(), answer);
        return !(outcome instanceof CertificateRenewal.Answer.Unproven);
    }

    private static String address() {
        return ADDRESS.get().getHostAddress();
    }

    @Override
    public StreamObserver<AgentMessage> session(StreamObserver<ControllerMessage> toAgent) {
        AgentCertificate certificate = CERTIFICATE.get();
        if (certificate == null) {
            toAgent.onError(Status.UNAUTHENTICATED
                    .withDescription("A session needs the agent's client certificate")
                    .asRuntimeException());
            return new Deaf();
        }
        byte[] random32 = new byte[NONCE_BYTES];
        random.nextBytes(random32);
        Bytes nonce = Bytes.of(random32);
        SessionCall call = new SessionCall(
                (ServerCallStreamObserver<ControllerMessage>) toAgent,
                new AgentPeer(certificate, address(), clock.instant()),
                work,
                registry,
                executor,
                clock,
                ticker,
                nonce);
        call.begin(nonce);
        return call;
    }

    private static RuntimeException databaseSilent() {
        return Status.UNAVAILABLE
                .withDescription("The database does not answer; come again")
                .asRuntimeException();
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.of(bytes.toByteArray());
    }

    private static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    /** Hears nothing: the call is over. */
    private static final class Deaf implements StreamObserver<AgentMessage> {
        @Override
        public void onNext(AgentMessage message) {
            // What was on its way when the call was refused.
        }

        @Override
        public void onError(Throwable broken) {
            // Over already.
        }

        @Override
        public void onCompleted() {
            // Over already.
        }
    }
}
