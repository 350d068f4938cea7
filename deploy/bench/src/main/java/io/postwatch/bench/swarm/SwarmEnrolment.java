package io.postwatch.bench.swarm;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.EnrolmentToken;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.identity.SignedParts;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc.AgentGatewayBlockingStub;
import io.postwatch.proto.agent.v1.EnrolRequest;
import io.postwatch.proto.agent.v1.EnrolResponse;
import io.postwatch.proto.agent.v1.IssueChallengeRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Enrols agents as a controller demands it: keys of their own, a nonce, a token, a certificate request, signatures. All go
 * over one connection, which a real agent has for itself. Safe for all threads.
 */
final class SwarmEnrolment implements AutoCloseable {

    private static final int KEY_BYTES = 32;
    private static final int PATIENCE_SECONDS = 30;

    private final ManagedChannel channel;
    private final AgentGatewayBlockingStub calls;
    private @Nullable X509ExtendedTrustManager trust;

    private SwarmEnrolment(ManagedChannel channel) {
        this.channel = channel;
        this.calls = AgentGatewayGrpc.newBlockingStub(channel);
    }

    /** Believes whom this token names. */
    static SwarmEnrolment open(SharedLines lines, EnrolmentToken token) throws IOException {
        return new SwarmEnrolment(lines.open(
                0,
                GrpcSslContexts.forClient()
                        .trustManager(PlatformTrust.byToken(token))
                        .protocols("TLSv1.3")
                        .build()));
    }

    AgentIdentity enrol(EnrolmentToken token, String name) throws IOException, GeneralSecurityException {
        KeyPair identity = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] sealingKey = raw(KeyPairGenerator.getInstance("X25519").generateKeyPair());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair tlsKey = generator.generateKeyPair();
        byte[] request = certificateRequest(tlsKey);
        EnrolResponse answer = answer(token, name, identity, sealingKey, request);
        List<X509Certificate> chain = certificates(answer.getCertificate().getChainList());
        return new AgentIdentity(
                AgentId.of(answer.getAgentId().toByteArray()),
                identity.getPrivate(),
                ByteString.copyFrom(sealingKey),
                GrpcSslContexts.forClient()
                        .trustManager(trust(certificates(answer.getCertificate().getRootsList())))
                        .keyManager(tlsKey.getPrivate(), chain.toArray(new X509Certificate[0]))
                        .protocols("TLSv1.3")
                        .build());
    }

    /** Asks again where too many ask at once, as an agent does. */
    private EnrolResponse answer(
            EnrolmentToken token, String name, KeyPair identity, byte[] sealingKey, byte[] request) {
        while (true) {
            try {
                byte[] nonce = timed().issueChallenge(IssueChallengeRequest.getDefaultInstance())
                        .getNonce()
                        .toByteArray();
                byte[] signature = AgentIdentity.signed(
                        identity.getPrivate(), SignedParts.ofEnrol(nonce, token.sha256(), sealingKey, request));
                return timed().enrol(EnrolRequest.newBuilder()
                        .setToken(token.reveal())
                        .setNonce(ByteString.copyFrom(nonce))
                        .setIdentityKey(ByteString.copyFrom(raw(identity)))
                        .setSealingKey(ByteString.copyFrom(sealingKey))
                        .setCertificateRequest(ByteString.copyFrom(request))
                        .setSignature(ByteString.copyFrom(signature))
                        .setName(name)
                        .setVersion(SimulatedAgent.VERSION)
                        .build());
            } catch (StatusRuntimeException refused) {
                if (refused.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
                    throw refused;
                }
            }
        }
    }

    private AgentGatewayBlockingStub timed() {
        return calls.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** One for all: they believe the same. */
    private synchronized X509ExtendedTrustManager trust(List<X509Certificate> roots) throws GeneralSecurityException {
        X509ExtendedTrustManager known = trust;
        if (known == null) {
            known = PlatformTrust.pinnedTo(roots, InstantSource.system());
            trust = known;
        }
        return known;
    }

    /** A public key of RFC 8410 as its 32 bytes, with which its SubjectPublicKeyInfo ends. */
    private static byte[] raw(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    private static byte[] certificateRequest(KeyPair key) throws IOException {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=postwatch-agent"), key.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException impossible) {
            throw new IOException("the certificate request can't be signed", impossible);
        }
    }

    private static List<X509Certificate> certificates(List<ByteString> der) throws GeneralSecurityException {
        return Credentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
