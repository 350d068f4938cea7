package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.enrolment.root.RootRotation;
import io.postwatch.controller.enrolment.root.RootWorld;
import io.postwatch.controller.fleet.AgentSessions;
import io.postwatch.controller.fleet.FleetWorld;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The fleet, and how agents get into it, on a real database. */
public class EnrolmentWorld extends FleetWorld {
    public final CertificateAuthority authority;
    public final AgentIdentities identities;
    public final AgentChallenges challenges;
    public final FormerKeys formerKeys;
    public final Clones clones;
    public final ControllerClocks clocks = new ControllerClocks();
    public final List<EndedSessions> ended = new CopyOnWriteArrayList<>();
    private final AgentSessions sessions = new HeardSessions(ended);
    public final Enrolment enrolment;
    public final CertificateRenewal renewal;

    public EnrolmentWorld(ScopedDatabase database) {
        super(database);
        authority = newAuthority();
        challenges = new AgentChallenges(TestKek.get(), clock);
        identities = new AgentIdentities(database.jdbc(), authority, clock);
        Audit audit = TestAudit.on(database.jdbc(), ids, clock);
        formerKeys = new FormerKeys(database.jdbc(), audit, clock);
        clones = new Clones(database.jdbc(), audit, clock, sessions, events::add);
        enrolment = new Enrolment(
                database.system(),
                database.jdbc(),
                identities,
                challenges,
                audit,
                formerKeys,
                new AgentReplacement(database.jdbc(), identities, formerKeys, sessions, audit, clock, events::add),
                ids,
                clock,
                events::add);
        renewal = new CertificateRenewal(
                database.system(), identities, formerKeys, clones, clocks, challenges, audit, clock);
    }

    /** What a controller that holds the agent's session was told. */
    public record EndedSessions(AgentId agent, long epoch, AgentSessions.Why why) {}

    private record HeardSessions(List<EndedSessions> ended) implements AgentSessions {
        @Override
        public void revoked(AgentId agent) {
            throw new AssertionError("Nobody revokes here");
        }

        @Override
        public void ended(AgentId agent, long epoch, Why why) {
            ended.add(new EndedSessions(agent, epoch, why));
        }
    }

    public final CertificateAuthority newAuthority() {
        return new CertificateAuthority(database.system(), RootWorld.rows(database, TestKek.get()), clock);
    }

    /** Of a controller that has this authority. */
    public final ServerIdentities newServerIdentities(CertificateAuthority of) {
        return new ServerIdentities(of, new AgentEndpoint(0, null, List.of()), clock);
    }

    /** This controller has looked for changes. */
    public final void refresh() {
        authority.refresh();
    }

    /** A certificate as {@code enrolment} gives it. */
    public final X509Certificate signAgent(CertificateAuthority by, AgentId agent, PublicKey key) {
        return by.signAgent(agent, key, Duration.ofDays(7));
    }

    /** Of another controller on the same database, as soon as it has looked for changes. */
    public final RootRotation newRotation() {
        return RootWorld.rotation(database, RootWorld.rows(database, TestKek.get()), clock);
    }

    /** SHA-256 of the keys of certificates in DER. */
    public static List<Bytes> keyHashes(List<Bytes> certificates) {
        return certificates.stream()
                .map(der -> AgentCertificate.keyHash(certificate(der).getPublicKey()))
                .toList();
    }

    /** A token as an administrator would have made it. */
    public String addToken(TenantId tenant, LocationId location, int uses, Duration lifetime) {
        return addToken(tenant, location, uses, lifetime, false, null);
    }

    /** One for which somebody has to approve who comes with it. */
    public String addTokenForApproval(TenantId tenant, LocationId location) {
        return addToken(tenant, location, 1, Duration.ofHours(1), true, null);
    }

    /** One by which the agent gets a new host. */
    public String addReplacement(TenantId tenant, LocationId location, AgentId agent) {
        return addToken(tenant, location, 1, Duration.ofHours(1), false, agent.value());
    }

    private String addToken(
            TenantId tenant,
            LocationId location,
            int uses,
            Duration lifetime,
            boolean needsApproval,
            @Nullable UUID replaces) {
        TokenText token = TokenText.make(new SecureRandom(), authority.keyHash());
        UUID id = ids.next();
        database.tenants()
                .run(
                        tenant,
                        () -> new EnrolmentTokens(database.jdbc())
                                .insert(
                                        tenant,
                                        new EnrolmentTokens.Row(
                                                id,
                                                location.value(),
                                                token.prefix(),
                                                needsApproval,
                                                replaces,
                                                null,
                                                uses,
                                                clock.instant().plus(lifetime),
                                                clock.instant()),
                                        token.hash()));
        return token.text();
    }

    public Enrolment.Answer.Enrolled enrol(TestAgentKeys keys, TenantId tenant, LocationId location) {
        String token = addToken(tenant, location, 1, Duration.ofHours(1));
        return (Enrolment.Answer.Enrolled) enrolment.enrol(keys.application(token, challenges.issue()));
    }

    /** What is on record of the agent. */
    public List<String> audited(AgentId agent) {
        return database.superuser()
                .sql("SELECT act FROM audit_entry WHERE subject_id = ? ORDER BY entry_id")
                .param(agent.value())
                .query((row, n) -> row.getString("act"))
                .list();
    }

    public static X509Certificate leaf(IssuedCertificate certificate) {
        return certificate(certificate.chain().getFirst());
    }

    private static X509Certificate certificate(Bytes der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toArray()));
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }
}
