package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AwaitingApproval;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of an enrolment or a renewal: as the agent hears it, and on this controller's log. */
final class IdentityAnswers {
    /** A person looks at the console meanwhile, and wants to see it go on. */
    static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(IdentityAnswers.class);

    private IdentityAnswers() {}

    static void tell(Enrolment.Answer outcome, String address, StreamObserver<EnrolResponse> answer) {
        switch (outcome) {
            case Enrolment.Answer.Enrolled(var agent, var agentName, var locationName, var certificate) -> {
                LOG.info("Agent {} ({}) is enrolled at {} from {}", agent, agentName, locationName, address);
                answer.onNext(EnrolResponse.newBuilder()
                        .setAgentId(OrderMapping.bytes(agent.value()))
                        .setAgentName(agentName)
                        .setLocationName(locationName)
                        .setCertificate(certificate(certificate))
                        .build());
                answer.onCompleted();
            }
            case Enrolment.Answer.Awaiting(var agent, var agentName, var locationName, var fingerprint) -> {
                LOG.info(
                        "Agent {} ({}) from {} waits for approval at {}; the fingerprint of its key is {}",
                        agent,
                        agentName,
                        address,
                        locationName,
                        fingerprint);
                answer.onNext(EnrolResponse.newBuilder()
                        .setAgentId(OrderMapping.bytes(agent.value()))
                        .setAgentName(agentName)
                        .setLocationName(locationName)
                        .setAwaitingApproval(AwaitingApproval.newBuilder()
                                .setFingerprint(fingerprint)
                                .setAskAgain(OrderMapping.duration(ASK_AGAIN)))
                        .build());
                answer.onCompleted();
            }
            case Enrolment.Answer.Refused(var reason, var message) -> {
                LOG.info("An enrolment from {} was refused: {} ({})", address, message, reason);
                answer.onError(status(reason).withDescription(message).asRuntimeException());
            }
        }
    }

    private static Status status(Enrolment.Answer.Reason reason) {
        return switch (reason) {
            case MALFORMED -> Status.INVALID_ARGUMENT;
            case STALE_NONCE, NONCE_UNKNOWN -> Status.FAILED_PRECONDITION;
            case AGENT_REPLACED -> Status.ALREADY_EXISTS;
            case BAD_SIGNATURE,
                    TOKEN_UNKNOWN,
                    TOKEN_USED,
                    TOKEN_EXPIRED,
                    TOKEN_REVOKED,
                    AGENT_REVOKED,
                    AGENT_REFUSED,
                    AGENT_CLONED,
                    ALREADY_AN_AGENT -> Status.PERMISSION_DENIED;
        };
    }

    static void tell(
            CertificateRenewal.Answer outcome,
            AgentId agent,
            String address,
            StreamObserver<RenewCertificateResponse> answer) {
        switch (outcome) {
            case CertificateRenewal.Answer.Renewed(var certificate) -> {
                LOG.info("Agent {} got a new certificate, generation {}", agent, certificate.generation());
                answer.onNext(RenewCertificateResponse.newBuilder()
                        .setCertificate(certificate(certificate))
                        .build());
                answer.onCompleted();
            }
            case CertificateRenewal.Answer.Unproven(var message) ->
                refuse(Status.PERMISSION_DENIED, message, agent, address, answer);
            case CertificateRenewal.Answer.LockedOut(var message) ->
                refuse(Status.PERMISSION_DENIED, message, agent, address, answer);
            case CertificateRenewal.Answer.Replaced(var message) ->
                refuse(Status.ALREADY_EXISTS, message, agent, address, answer);
            case CertificateRenewal.Answer.Late(var message) -> refuse(Status.ABORTED, message, agent, address, answer);
        }
    }

    private static void refuse(Status status, String message, AgentId agent, String address, StreamObserver<?> answer) {
        LOG.info("Agent {} from {} asked in vain for a new certificate: {}", agent, address, message);
        answer.onError(status.withDescription(message).asRuntimeException());
    }

    private static ClientCertificate certificate(IssuedCertificate certificate) {
        ClientCertificate.Builder message = ClientCertificate.newBuilder()
                .setNotAfter(OrderMapping.timestamp(certificate.notAfter()))
                .setGeneration(certificate.generation());
        certificate.chain().forEach(der -> message.addChain(bytes(der)));
        certificate.roots().forEach(der -> message.addRoots(bytes(der)));
        certificate.formerRoots().forEach(der -> message.addFormerRoots(bytes(der)));
        return message.build();
    }

    private static ByteString bytes(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }
}
