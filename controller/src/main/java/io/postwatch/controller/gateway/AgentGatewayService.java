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
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.IssueChallengeResponse;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Everything an agent calls. Called by virtual threads, one per call at a time; each may wait for the database. */
final class AgentGatewayService extends AgentGatewayGrpc.AgentGatewayImplBase {
    /** The client certificate of the connection, verified by TLS against the platform's root; null where there is none. */
    static final Context.Key<@Nullable AgentCertificate> CERTIFICATE = Context.key("agent-certificate");

    private static final Logger LOG = LoggerFactory.getLogger(AgentGatewayService.class);
    private static final int NONCE_BYTES = 32;
    /** Enrolments and renewals decided at once: anyone may ask for one, and each takes a signature and a connection. */
    private static final int DECISIONS_AT_ONCE = 4;

    private static final Duration DECISION_WAIT = Duration.ofSeconds(2);

    private final AgentChallenges challenges;
    private final Enrolment enrolment;
    private final CertificateRenewal renewal;
    private final SessionWork work;
    private final SessionRegistry registry;
    private final Executor executor;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private final Semaphore decisions = new Semaphore(DECISIONS_AT_ONCE, true);
    private final SecureRandom random = new SecureRandom();

    AgentGatewayService(
            AgentChallenges challenges,
            Enrolment enrolment,
            CertificateRenewal renewal,
            SessionWork work,
            SessionRegistry registry,
            Executor executor,
            InstantSource clock,
            NanoTicker ticker) {
        this.challenges = challenges;
        this.enrolment = enrolment;
        this.renewal = renewal;
        this.work = work;
        this.registry = registry;
        this.executor = executor;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public void issueChallenge(IssueChallengeRequest request, StreamObserver<IssueChallengeResponse> answer) {
        answer.onNext(IssueChallengeResponse.newBuilder()
                .setNonce(bytes(challenges.issue()))
                .build());
        answer.onCompleted();
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
        inTurn(answer, () -> decide(request, answer));
    }

    /** Where too many wait, the agent is told to come again rather than left to fill this side. */
    private void inTurn(StreamObserver<?> answer, Runnable decision) {
        boolean mine;
        try {
            mine = decisions.tryAcquire(DECISION_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            mine = false;
        }
        if (!mine) {
            answer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("Too many agents enrol or renew at this moment; come again")
                    .asRuntimeException());
            return;
        }
        try {
            decision.run();
        } finally {
            decisions.release();
        }
    }

    private void decide(EnrolRequest request, StreamObserver<EnrolResponse> answer) {
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
                    request.getVersion()));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("An enrolment could not be decided", e);
            answer.onError(databaseSilent());
            return;
        }
        switch (outcome) {
            case Enrolment.Answer.Enrolled(var agent, var agentName, var locationName, var certificate) -> {
                LOG.info("Agent {} ({}) is enrolled at {}", agent, agentName, locationName);
                answer.onNext(EnrolResponse.newBuilder()
                        .setAgentId(OrderMapping.bytes(agent.value()))
                        .setAgentName(agentName)
                        .setLocationName(locationName)
                        .setCertificate(certificate(certificate))
                        .build());
                answer.onCompleted();
            }
            case Enrolment.Answer.Refused(var reason, var message) -> {
                LOG.info("An enrolment was refused: {}", reason);
                answer.onError(status(reason).withDescription(message).asRuntimeException());
            }
        }
    }

    private static Status status(Enrolment.Answer.Reason reason) {
        return switch (reason) {
            case MALFORMED -> Status.INVALID_ARGUMENT;
            case STALE_NONCE -> Status.FAILED_PRECONDITION;
            case BAD_SIGNATURE, TOKEN_UNKNOWN, TOKEN_USED, TOKEN_EXPIRED, TOKEN_REVOKED, AGENT_REVOKED ->
                Status.PERMISSION_DENIED;
        };
    }

    @Override
    public void renewCertificate(RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
        inTurn(answer, () -> decide(request, answer));
    }

    private void decide(RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
        try {
            renewal.renew(new CertificateRenewal.Application(
                            new AgentId(ResultMapping.uuid(request.getAgentId(), "agent")),
                            bytes(request.getNonce()),
                            bytes(request.getCertificateRequest()),
                            bytes(request.getSignature())))
                    .ifPresentOrElse(
                            certificate -> {
                                answer.onNext(RenewCertificateResponse.newBuilder()
                                        .setCertificate(certificate(certificate))
                                        .build());
                                answer.onCompleted();
                            },
                            () -> answer.onError(Status.PERMISSION_DENIED
                                    .withDescription("This agent is not known here, was revoked, or did not sign a"
                                            + " fresh nonce")
                                    .asRuntimeException()));
        } catch (IllegalArgumentException e) {
            answer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A renewal could not be decided", e);
            answer.onError(databaseSilent());
        }
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
                certificate,
                work,
                registry,
                executor,
                clock,
                ticker,
                nonce);
        call.begin(nonce);
        return call;
    }

    private static ClientCertificate certificate(IssuedCertificate certificate) {
        ClientCertificate.Builder message =
                ClientCertificate.newBuilder().setNotAfter(OrderMapping.timestamp(certificate.notAfter()));
        certificate.chain().forEach(der -> message.addChain(bytes(der)));
        certificate.roots().forEach(der -> message.addRoots(bytes(der)));
        return message.build();
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
