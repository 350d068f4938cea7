package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.enrolment.Clones.LockedClone;
import io.postwatch.controller.enrolment.root.CertificateForge;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
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
    private final FormerKeys formerKeys;
    private final Clones clones;
    private final ControllerClocks clocks;
    private final AgentChallenges challenges;
    private final Audit audit;
    private final InstantSource clock;

    CertificateRenewal(
            SystemTransactions transactions,
            AgentIdentities identities,
            FormerKeys formerKeys,
            Clones clones,
            ControllerClocks clocks,
            AgentChallenges challenges,
            Audit audit,
            InstantSource clock) {
        this.transactions = transactions;
        this.identities = identities;
        this.formerKeys = formerKeys;
        this.clones = clones;
        this.clocks = clocks;
        this.challenges = challenges;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What an agent brings; the signature is over nonce, agent and the hash of the request.
     *
     * @param generation of the certificate that it holds; 0: not told
     * @param address from where it comes
     */
    public record Application(
            AgentId agent, Bytes nonce, Bytes certificateRequest, Bytes signature, long generation, String address) {
        public Application {
            if (generation < 0) {
                throw new IllegalArgumentException("Generations are counted from 1");
            }
        }
    }

    /** The answer. Its message is one sentence for the agent's operator. */
    public sealed interface Answer {
        record Renewed(IssuedCertificate certificate) implements Answer {}

        /** Not known, or the key is not proven: it is not told which. */
        record Unproven(String message) implements Answer {}

        /** Known and proven, and not let in. */
        record LockedOut(String message) implements Answer {}

        /** Another host has taken this one's place for good. */
        record Replaced(String message) implements Answer {}

        /** It was under way for so long that it can't be judged: it is to be asked again. */
        record Late(String message) implements Answer {}
    }

    private static final Answer UNPROVEN = new Answer.Unproven(
            "This agent is not known here, or did not sign a fresh nonce with its key. Was it deleted, or is this the"
                    + " controller of another platform?");

    private record Outcome(Answer answer, @Nullable LockedClone locked) {
        Outcome(Answer answer) {
            this(answer, null);
        }
    }

    public Answer renew(Application application) {
        PublicKey tlsKey;
        try {
            tlsKey = CertificateForge.keyOf(application.certificateRequest().toArray());
        } catch (IllegalArgumentException e) {
            return UNPROVEN;
        }
        if (!challenges.isFresh(application.nonce())) {
            return UNPROVEN;
        }
        Outcome outcome = transactions.call(() -> identities
                .lockById(application.agent())
                .map(agent -> renew(agent, application, tlsKey))
                .orElseGet(() -> new Outcome(UNPROVEN)));
        if (outcome.locked() != null) {
            clones.tell(outcome.locked());
        }
        return outcome.answer();
    }

    private Outcome renew(Identity agent, Application application, PublicKey tlsKey) {
        if (!proven(agent.key(), application)) {
            return new Outcome(formerKeys.of(agent.id()).stream()
                    .filter(former -> proven(former.key(), application))
                    .findFirst()
                    .<Answer>map(former -> {
                        formerKeys.came(former, agent.agentName(), application.address());
                        return new Answer.Replaced(former.sentence());
                    })
                    .orElse(UNPROVEN));
        }
        Lockout lockout = agent.lockout();
        if (lockout != null) {
            return new Outcome(new Answer.LockedOut(lockout.sentence()));
        }
        CertificateSlots slots = agent.slots();
        Instant challengedAt =
                clocks.provable(Challenges.issuedAt(application.nonce().toArray()));
        return switch (slots.judge(application.generation(), challengedAt)) {
            case CURRENT, NEXT, OUTDATED, AHEAD -> new Outcome(new Answer.Renewed(renewed(agent, application, tlsKey)));
            case MADE_UP ->
                new Outcome(new Answer.LockedOut(
                        "This agent says that it holds a certificate of a generation that none can have come to"));
            case LATE -> new Outcome(new Answer.Late("A newer certificate of this agent came into use; ask again"));
            case OLDER_COPY, OTHER_COPY ->
                new Outcome(
                        new Answer.LockedOut(Lockout.CLONED.sentence()),
                        clones.lock(agent, CloneSign.OLDER_CERTIFICATE, application.address()));
        };
    }

    private IssuedCertificate renewed(Identity agent, Application application, PublicKey tlsKey) {
        IssuedCertificate certificate = identities.renew(agent, tlsKey, application.generation());
        if (agent.slots().haveExpired(clock.instant())) {
            LOG.info("Agent {} ({}) renews an expired certificate", agent.id(), agent.agentName());
            audit.record(entry(Act.AGENT_RENEWED_EXPIRED, agent, application));
        }
        if (!agent.slots().knows(application.generation()) && identities.goesOnRecordAsAhead(agent)) {
            LOG.warn(
                    "Agent {} ({}) holds a certificate of generation {}, which this database doesn't know: was it set back?",
                    agent.id(),
                    agent.agentName(),
                    application.generation());
            audit.record(
                    entry(Act.AGENT_RENEWED_AHEAD, agent, application).with("generation", application.generation()));
        }
        return certificate;
    }

    private static AuditEntry entry(Act act, Identity agent, Application application) {
        return AuditEntry.by(
                        Actor.agent(agent.id(), agent.agentName()),
                        agent.tenant(),
                        act,
                        agent.id().value(),
                        agent.agentName())
                .with("location", agent.locationName())
                .from(application.address());
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
