package io.postwatch.controller.enrolment;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import java.security.PublicKey;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * New client certificates for known agents. The signature by the identity key is what counts, so an agent whose
 * certificate has expired, or whose clock is wrong, gets one too.
 */
@Component
public class CertificateRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    private final SystemTransactions transactions;
    private final AgentIdentities identities;
    private final AgentChallenges challenges;

    CertificateRenewal(SystemTransactions transactions, AgentIdentities identities, AgentChallenges challenges) {
        this.transactions = transactions;
        this.identities = identities;
        this.challenges = challenges;
    }

    /** What an agent brings; the signature is over nonce, agent and the hash of the request. */
    public record Application(AgentId agent, Bytes nonce, Bytes certificateRequest, Bytes signature) {}

    /** Empty where the agent is not known, was revoked, or did not prove its key: it is not told which. */
    public Optional<IssuedCertificate> renew(Application application) {
        PublicKey tlsKey;
        try {
            tlsKey = CertificateForge.keyOf(application.certificateRequest().toArray());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (!challenges.isFresh(application.nonce())) {
            return Optional.empty();
        }
        Optional<IssuedCertificate> certificate = transactions.call(() -> identities
                .findById(application.agent())
                .filter(identity -> !identity.revoked())
                .filter(identity -> proven(identity.key(), application))
                .flatMap(identity -> identities.renew(identity.tenant(), identity.id(), tlsKey))
                .map(AgentIdentities.Renewed::certificate));
        LOG.info(
                "Agent {} {} a new certificate",
                application.agent(),
                certificate.isPresent() ? "got" : "asked in vain for");
        return certificate;
    }

    private static boolean proven(IdentityKey key, Application application) {
        return key.signed(
                application.signature().toArray(),
                "postwatch-renew-v1",
                application.nonce().toArray(),
                Bytes.of(application.agent().value()).toArray(),
                Digests.sha256(application.certificateRequest().toArray()));
    }
}
