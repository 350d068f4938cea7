package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.enrolment.AgentReplacement.Replaced;
import io.postwatch.controller.enrolment.FormerKeys.FormerKey;
import io.postwatch.controller.enrolment.root.CertificateForge;
import io.postwatch.controller.fleet.KeyFingerprint;
import io.postwatch.controller.fleet.news.AgentEnrolled;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.PublicKey;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Turns one-time tokens into identities. A use is taken by one statement, so that of any number of agents that come with
 * the last one a single one wins; an agent that asks again with the key that the token already let in gets its answer
 * again without another use. A token may ask for a person's approval: then the agent is known and gets no certificate until
 * somebody has given it. A token may also put its bringer in the place of an agent that is there.
 */
@Component
public class Enrolment {
    private static final int MAX_NAME = 80;
    private static final int SEALING_KEY_BYTES = 32;

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final AgentIdentities identities;
    private final AgentChallenges challenges;
    private final Audit audit;
    private final FormerKeys formerKeys;
    private final AgentReplacement replacement;
    private final IdSource ids;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    Enrolment(
            SystemTransactions transactions,
            JdbcClient jdbc,
            AgentIdentities identities,
            AgentChallenges challenges,
            Audit audit,
            FormerKeys formerKeys,
            AgentReplacement replacement,
            IdSource ids,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.identities = identities;
        this.challenges = challenges;
        this.audit = audit;
        this.formerKeys = formerKeys;
        this.replacement = replacement;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    /**
     * What an agent brings; the signature is by the identity key over all of it but the name and version.
     *
     * @param address from where it comes
     */
    public record Application(
            String token,
            Bytes nonce,
            Bytes identityKey,
            Bytes sealingKey,
            Bytes certificateRequest,
            Bytes signature,
            String name,
            String version,
            String address) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Application[name=" + name + ", version=" + version + "]";
        }
    }

    /** The answer. */
    public sealed interface Answer {
        /** Enrolled, now or before. */
        record Enrolled(AgentId agent, String agentName, String locationName, IssuedCertificate certificate)
                implements Answer {}

        /** Known, and not let in before a person has approved it. */
        record Awaiting(AgentId agent, String agentName, String locationName, String fingerprint) implements Answer {}

        /** Not enrolled. The message is for the administrator who started the agent. */
        record Refused(Reason reason, String message) implements Answer {}

        /** Why not. */
        enum Reason {
            MALFORMED,
            STALE_NONCE,
            /** No controller of this platform made it. */
            NONCE_UNKNOWN,
            BAD_SIGNATURE,
            TOKEN_UNKNOWN,
            TOKEN_USED,
            TOKEN_EXPIRED,
            TOKEN_REVOKED,
            AGENT_REVOKED,
            AGENT_REFUSED,
            AGENT_CLONED,
            AGENT_REPLACED,
            /** A token that replaces an agent was brought by a host that is one already. */
            ALREADY_AN_AGENT;

            /** Whether what came was made for somebody, and not made up. */
            public boolean isOfSomebodyKnown() {
                return switch (this) {
                    case MALFORMED, NONCE_UNKNOWN, BAD_SIGNATURE, TOKEN_UNKNOWN -> false;
                    case STALE_NONCE,
                            TOKEN_USED,
                            TOKEN_EXPIRED,
                            TOKEN_REVOKED,
                            AGENT_REVOKED,
                            AGENT_REFUSED,
                            AGENT_CLONED,
                            AGENT_REPLACED,
                            ALREADY_AN_AGENT -> true;
                };
            }
        }
    }

    public Answer enrol(Application application) {
        IdentityKey identity;
        PublicKey tlsKey;
        try {
            identity = IdentityKey.of(application.identityKey().toArray());
            tlsKey = CertificateForge.keyOf(application.certificateRequest().toArray());
        } catch (IllegalArgumentException e) {
            return refused(Answer.Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        if (application.sealingKey().size() != SEALING_KEY_BYTES) {
            return refused(Answer.Reason.MALFORMED, "A sealing key has 32 bytes");
        }
        if (!challenges.isOurs(application.nonce())) {
            return refused(Answer.Reason.NONCE_UNKNOWN, "The nonce is of no controller here; ask for a new one");
        }
        if (!challenges.isFresh(application.nonce())) {
            return refused(Answer.Reason.STALE_NONCE, "The nonce is older than two minutes; ask for a new one");
        }
        if (!identity.signed(
                application.signature().toArray(),
                "postwatch-enrol-v1",
                application.nonce().toArray(),
                Digests.sha256(application.token()),
                application.sealingKey().toArray(),
                Digests.sha256(application.certificateRequest().toArray()))) {
            return refused(Answer.Reason.BAD_SIGNATURE, "The signature is not by the identity key");
        }
        Optional<TokenText> token = TokenText.parse(application.token());
        if (token.isEmpty()) {
            return unknownToken();
        }
        Outcome outcome = enrolOnce(token.get(), identity, tlsKey, application);
        outcome.afterwards().run();
        return outcome.answer();
    }

    private Outcome enrolOnce(TokenText token, IdentityKey identity, PublicKey tlsKey, Application application) {
        try {
            return transactions.call(() -> enrol(token, identity, tlsKey, application));
        } catch (ConcurrencyFailureException sameKeyAtOnce) {
            // The other one has committed: this time the key is known.
            return transactions.call(() -> enrol(token, identity, tlsKey, application));
        }
    }

    /** What to answer, and what to do once it is committed. */
    private record Outcome(Answer answer, Runnable afterwards) {
        Outcome(Answer answer) {
            this(answer, () -> {});
        }
    }

    private Outcome enrol(TokenText token, IdentityKey identity, PublicKey tlsKey, Application application) {
        Optional<TokenRow> row = findToken(token);
        if (row.isEmpty()) {
            return new Outcome(unknownToken());
        }
        TokenRow open = row.get();
        Optional<Identity> known = identities.lockByKey(identity);
        if (known.isPresent()) {
            return new Outcome(again(open, known.get(), tlsKey));
        }
        Optional<FormerKey> former = formerKeys.find(identity);
        if (former.isPresent()) {
            return new Outcome(
                    former.get().tenant().equals(open.tenant())
                            ? refused(Answer.Reason.AGENT_REPLACED, former.get().sentence())
                            : unknownToken());
        }
        int taken = jdbc.sql("""
                UPDATE enrolment_token SET uses_left = uses_left - 1
                WHERE tenant_id = ? AND token_id = ? AND uses_left > 0 AND revoked_at IS NULL AND expires_at > ?
                """)
                .params(open.tenant().value(), open.tokenId(), Timestamp.from(clock.instant()))
                .update();
        if (taken == 0) {
            // Perhaps this same agent took it, a moment ago and elsewhere.
            return new Outcome(identities
                    .lockByKey(identity)
                    .map(agent -> again(open, agent, tlsKey))
                    .orElseGet(() -> whyNotUsable(token)));
        }
        return open.replaces() == null
                ? addAgent(open, identity, tlsKey, application)
                : replaceAgent(open.replaces(), open.prefix(), identity, tlsKey, application);
    }

    private Outcome replaceAgent(
            AgentId replaced, String token, IdentityKey key, PublicKey tlsKey, Application application) {
        Optional<Identity> agent = identities
                .lockById(replaced)
                .filter(known -> known.lockout() == null || known.lockout() == Lockout.CLONED);
        if (agent.isEmpty()) {
            return new Outcome(refused(
                    Answer.Reason.AGENT_REVOKED,
                    "The agent that this token replaces was revoked or deleted; make a token for a new one"));
        }
        Replaced now = replacement.replace(agent.get(), token, key, tlsKey, application);
        return new Outcome(
                new Answer.Enrolled(
                        replaced, agent.get().agentName(), agent.get().locationName(), now.certificate()),
                () -> replacement.tell(now));
    }

    private Outcome addAgent(TokenRow token, IdentityKey identity, PublicKey tlsKey, Application application) {
        AgentId agent = new AgentId(ids.next());
        int added = jdbc.sql("""
                INSERT INTO agent_directory (agent_id, tenant_id, identity_key_hash) VALUES (?, ?, ?)
                ON CONFLICT (identity_key_hash) DO NOTHING
                """)
                .params(agent.value(), token.tenant().value(), identity.hash())
                .update();
        if (added == 0) {
            // The same agent at the same moment, twice: the use goes back with this transaction.
            throw new ConcurrencyFailureException("The identity key is being enrolled");
        }
        String name = identities.uniqueName(token.tenant(), token.location(), proposedName(application.name()));
        IssuedCertificate certificate =
                token.needsApproval() ? null : identities.sign(token.tenant(), agent, tlsKey, 1);
        identities.insert(token.tenant(), token.location(), agent, name, identity, application, certificate);
        AuditEntry entry = AuditEntry.by(
                Actor.agent(agent, name),
                token.tenant(),
                certificate == null ? Act.AGENT_ASKED_FOR_APPROVAL : Act.AGENT_ENROLLED,
                agent.value(),
                name);
        audit.record(entry.with("location", token.locationName())
                .with("token", token.prefix())
                .from(application.address()));
        AgentEnrolled event = new AgentEnrolled(token.tenant(), agent, token.location());
        return new Outcome(
                certificate == null
                        ? awaiting(agent, name, token.locationName(), identity)
                        : new Answer.Enrolled(agent, name, token.locationName(), certificate),
                () -> events.publishEvent(event));
    }

    /** A key that is known gets its answer again, whatever has become of its token meanwhile. */
    private Answer again(TokenRow token, Identity agent, PublicKey tlsKey) {
        if (!token.tenant().equals(agent.tenant())) {
            return unknownToken();
        }
        if (token.replaces() != null && !token.replaces().equals(agent.id())) {
            return refused(
                    Answer.Reason.ALREADY_AN_AGENT,
                    "This host is the agent " + agent.agentName()
                            + " already; give it an empty state folder to take the place of another one");
        }
        Lockout lockout = agent.lockout();
        if (lockout != null) {
            return switch (lockout) {
                case AWAITING_APPROVAL -> awaiting(agent.id(), agent.agentName(), agent.locationName(), agent.key());
                case REVOKED -> refused(Answer.Reason.AGENT_REVOKED, lockout.sentence());
                case REFUSED -> refused(Answer.Reason.AGENT_REFUSED, lockout.sentence());
                case CLONED -> refused(Answer.Reason.AGENT_CLONED, lockout.sentence());
            };
        }
        return new Answer.Enrolled(
                agent.id(), agent.agentName(), agent.locationName(), identities.renew(agent, tlsKey, 0));
    }

    private static Answer awaiting(AgentId agent, String name, String location, IdentityKey key) {
        return new Answer.Awaiting(agent, name, location, KeyFingerprint.of(key.bytes()));
    }

    private record TokenRow(
            TenantId tenant,
            UUID tokenId,
            String prefix,
            LocationId location,
            String locationName,
            boolean needsApproval,
            @Nullable AgentId replaces) {}

    private Optional<TokenRow> findToken(TokenText token) {
        return jdbc.sql("""
                SELECT t.tenant_id, t.token_id, t.prefix, t.location_id, l.name, t.needs_approval, t.replaces_agent_id
                FROM enrolment_token_directory d
                JOIN enrolment_token t ON t.tenant_id = d.tenant_id AND t.token_id = d.token_id
                JOIN location l ON l.tenant_id = t.tenant_id AND l.location_id = t.location_id
                WHERE d.token_hash = ?
                """)
                .param(token.hash())
                .query((row, n) -> new TokenRow(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        row.getObject("token_id", UUID.class),
                        row.getString("prefix"),
                        new LocationId(row.getObject("location_id", UUID.class)),
                        row.getString("name"),
                        row.getBoolean("needs_approval"),
                        agentOrNull(row.getObject("replaces_agent_id", UUID.class))))
                .optional();
    }

    private static @Nullable AgentId agentOrNull(@Nullable UUID id) {
        return id == null ? null : new AgentId(id);
    }

    private Answer whyNotUsable(TokenText token) {
        EnrolmentTokenState state = jdbc.sql("""
                SELECT revoked_at, uses_left, expires_at FROM enrolment_token_directory d
                JOIN enrolment_token t ON t.tenant_id = d.tenant_id AND t.token_id = d.token_id
                WHERE d.token_hash = ?
                """)
                .param(token.hash())
                .query((row, n) -> EnrolmentTokenState.of(
                        Rows.instant(row, "revoked_at"),
                        row.getInt("uses_left"),
                        Rows.requiredInstant(row, "expires_at"),
                        clock.instant()))
                .single();
        return switch (state) {
            case REVOKED -> refused(Answer.Reason.TOKEN_REVOKED, "This enrolment token was revoked; make a new one");
            case EXPIRED -> refused(Answer.Reason.TOKEN_EXPIRED, "This enrolment token has expired; make a new one");
            // Also where the last use was taken between the two statements.
            case USED, USABLE ->
                refused(Answer.Reason.TOKEN_USED, "This enrolment token was used already; make a new one");
        };
    }

    private static String proposedName(String name) {
        String clean = name.strip().replaceAll("[^\\p{L}\\p{N} ._-]", "-");
        String bounded = clean.length() > MAX_NAME ? clean.substring(0, MAX_NAME) : clean;
        return bounded.isBlank() ? "agent" : bounded;
    }

    private static Answer unknownToken() {
        return refused(
                Answer.Reason.TOKEN_UNKNOWN, "This enrolment token is not known here; check that it is complete");
    }

    private static Answer refused(Answer.Reason reason, String message) {
        return new Answer.Refused(reason, message);
    }
}
