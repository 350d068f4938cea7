package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.AgentKeys;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.identity.RootSuccession;
import io.postwatch.agent.identity.SignedParts;
import io.postwatch.agent.identity.TlsKey;
import io.postwatch.agent.identity.UntrustedControllerException;
import io.postwatch.agent.identity.UntrustedControllerException.Finding;
import io.postwatch.agent.link.channel.GatewayChannel;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc.AgentGatewayBlockingStub;
import io.postwatch.proto.agent.v1.AwaitingApproval;
import io.postwatch.proto.agent.v1.ClientCertificate;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import io.postwatch.proto.agent.v1.RenewCertificateRequest;
import io.postwatch.proto.agent.v1.RenewCertificateResponse;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The calls by which a host becomes an agent and stays one. Blocks its caller for 30 seconds at most. */
public final class Enrolment {

    private static final int PATIENCE_SECONDS = 15;

    private final IdentityStore store;
    private final String version;
    private final GatewayChannels channels;

    public Enrolment(IdentityStore store, String version, GatewayChannels channels) {
        this.store = store;
        this.version = version;
        this.channels = channels;
    }

    /**
     * Becomes an agent, and keeps what came of it.
     *
     * @param name proposed to the controller
     */
    public Credentials enrol(ControllerAddress controller, EnrolmentToken token, String name)
            throws RefusedException, IOException {
        AgentKeys keys = store.keys();
        TlsKey tlsKey = store.nextTlsKey();
        byte[] request = tlsKey.certificateRequest();
        try (GatewayChannel channel = channels.forEnrolment(controller, token)) {
            byte[] nonce = nonce(channel);
            EnrolResponse answer = calls(channel)
                    .enrol(EnrolRequest.newBuilder()
                            .setToken(token.reveal())
                            .setNonce(ByteString.copyFrom(nonce))
                            .setIdentityKey(ByteString.copyFrom(keys.identityKey()))
                            .setSealingKey(ByteString.copyFrom(keys.sealingKey()))
                            .setCertificateRequest(ByteString.copyFrom(request))
                            .setSignature(ByteString.copyFrom(
                                    keys.sign(SignedParts.ofEnrol(nonce, token.sha256(), keys.sealingKey(), request))))
                            .setName(name)
                            .setVersion(version)
                            .build());
            if (answer.hasAwaitingApproval()) {
                throw awaiting(answer.getAwaitingApproval(), keys);
            }
            List<X509Certificate> named = certificates(answer.getCertificate().getRootsList());
            List<X509Certificate> between = certificates(answer.getCertificate().getFormerRootsList());
            List<X509Certificate> trusted = Stream.concat(named.stream(), between.stream())
                    .filter(root -> PlatformTrust.hasKeyOf(root, token))
                    .toList();
            if (trusted.isEmpty()) {
                throw new RefusedException(
                        "The controller's roots don't contain the one that the token names.",
                        true,
                        new CertificateException("no root has the token's key"));
            }
            Credentials credentials = new Credentials(
                    AgentId.of(answer.getAgentId().toByteArray()),
                    answer.getAgentName(),
                    answer.getLocationName(),
                    controller,
                    tlsPrivateKey(tlsKey, answer.getCertificate()),
                    certificates(answer.getCertificate().getChainList()),
                    RootSuccession.after(trusted, named, between),
                    answer.getCertificate().getGeneration());
            checkIssued(credentials, trusted, channel);
            store.save(credentials);
            return credentials;
        } catch (StatusRuntimeException failed) {
            throw refused("enrol this host", controller, failed);
        } catch (UntrustedControllerException over) {
            throw new RefusedException(
                    "The controller at " + controller + " could not enrol this host: " + over.getMessage(),
                    false,
                    over);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new RefusedException(
                    "The controller answered with a certificate that can't be used.", true, unusable);
        }
    }

    /**
     * A new certificate for a new TLS key; needs no valid certificate. The caller keeps it.
     *
     * @param judgedAt the time by which the controller's certificate may be over
     */
    Credentials renew(Credentials old, InstantSource judgedAt) throws RefusedException, IOException {
        AgentKeys keys = store.keys();
        TlsKey tlsKey = store.nextTlsKey();
        byte[] request = tlsKey.certificateRequest();
        try (GatewayChannel channel = channels.forRenewal(old, judgedAt)) {
            byte[] nonce = nonce(channel);
            RenewCertificateResponse answer = calls(channel)
                    .renewCertificate(RenewCertificateRequest.newBuilder()
                            .setAgentId(ByteString.copyFrom(old.agent().bytes()))
                            .setNonce(ByteString.copyFrom(nonce))
                            .setCertificateRequest(ByteString.copyFrom(request))
                            .setGeneration(old.generation())
                            .setSignature(
                                    ByteString.copyFrom(keys.sign(SignedParts.ofRenew(nonce, old.agent(), request))))
                            .build());
            Credentials renewed = new Credentials(
                    old.agent(),
                    old.agentName(),
                    old.locationName(),
                    old.controller(),
                    tlsPrivateKey(tlsKey, answer.getCertificate()),
                    certificates(answer.getCertificate().getChainList()),
                    RootSuccession.after(
                            old.roots(),
                            certificates(answer.getCertificate().getRootsList()),
                            certificates(answer.getCertificate().getFormerRootsList())),
                    answer.getCertificate().getGeneration());
            checkIssued(renewed, old.roots(), channel);
            return renewed;
        } catch (StatusRuntimeException failed) {
            throw refused("renew this agent's certificate", old.controller(), failed);
        } catch (UntrustedControllerException over) {
            throw new RefusedException(
                    "The controller at " + old.controller() + " could not renew this agent's certificate: "
                            + over.getMessage(),
                    false,
                    over);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new RefusedException(
                    "The controller answered with a certificate that can't be used.", true, unusable);
        }
    }

    /**
     * Only the platform's authority can have answered, and only through a controller whose certificate was not over by then:
     * whoever has a controller's key, stolen or expired, can issue nothing, and passes on nothing once it has expired.
     */
    private static void checkIssued(Credentials issued, List<X509Certificate> trusted, GatewayChannel channel)
            throws CertificateException {
        RootSuccession.checkIssued(trusted, issued.roots(), issued.chain().getFirst());
        channel.judge(issued.notBefore());
    }

    /** What is shown is this agent's own fingerprint: one that the controller made up would be compared with itself. */
    private static RefusedException awaiting(AwaitingApproval answer, AgentKeys keys) {
        String fingerprint = keys.fingerprint();
        if (!fingerprint.equals(answer.getFingerprint())) {
            return new RefusedException(
                    "The controller shows another key than this agent's for approval. Refuse it there: somebody else asks"
                            + " in its name.",
                    RefusedException.Next.REFUSED,
                    null);
        }
        return RefusedException.awaitingApproval(
                "This agent waits for approval. On its location's page in the console, approve the agent with the"
                        + " fingerprint " + fingerprint + ", and no other.",
                WireValues.duration(answer.getAskAgain()));
    }

    private static AgentGatewayBlockingStub calls(GatewayChannel channel) {
        return channel.calls().withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static byte[] nonce(GatewayChannel channel) {
        return calls(channel)
                .issueChallenge(IssueChallengeRequest.getDefaultInstance())
                .getNonce()
                .toByteArray();
    }

    private static List<X509Certificate> certificates(List<ByteString> der) throws CertificateException {
        return Credentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    /** The certificate must be for the key that it was asked for with. */
    private static PrivateKey tlsPrivateKey(TlsKey key, ClientCertificate answer) throws GeneralSecurityException {
        List<X509Certificate> chain = certificates(answer.getChainList());
        if (chain.isEmpty() || !key.isOf(chain.getFirst())) {
            throw new GeneralSecurityException("the certificate is for another key");
        }
        return key.privateKey();
    }

    /** A certificate that is over may be followed by another; who else answers will answer again. */
    private static boolean isSomebodyElse(Status status) {
        Optional<Finding> finding = GatewayChannels.finding(status);
        return finding.isPresent() && finding.get() != Finding.EXPIRED;
    }

    private RefusedException refused(String what, ControllerAddress controller, StatusRuntimeException failed) {
        Status status = failed.getStatus();
        return new RefusedException(
                "The controller at " + controller + " could not " + what + ": " + channels.reason(status),
                switch (status.getCode()) {
                    case ALREADY_EXISTS -> RefusedException.Next.REPLACED;
                    case RESOURCE_EXHAUSTED -> RefusedException.Next.CROWDED;
                    case INVALID_ARGUMENT,
                            NOT_FOUND,
                            PERMISSION_DENIED,
                            UNAUTHENTICATED,
                            FAILED_PRECONDITION,
                            OUT_OF_RANGE,
                            UNIMPLEMENTED -> RefusedException.Next.REFUSED;
                    case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
                        isSomebodyElse(status) ? RefusedException.Next.REFUSED : RefusedException.Next.OPEN;
                },
                failed);
    }
}
