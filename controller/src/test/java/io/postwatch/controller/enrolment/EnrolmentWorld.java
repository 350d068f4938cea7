package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.fleet.FleetWorld;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.secret.SecretWorld;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.UUID;

/** The fleet, and how agents get into it, on a real database. */
public class EnrolmentWorld extends FleetWorld {
    public final CertificateAuthority authority;
    public final AgentIdentities identities;
    public final AgentChallenges challenges;
    public final Enrolment enrolment;
    public final CertificateRenewal renewal;

    public EnrolmentWorld(ScopedDatabase database) {
        super(database);
        authority = newAuthority();
        challenges = new AgentChallenges(TestKek.get(), clock);
        identities = new AgentIdentities(database.jdbc(), authority, clock);
        enrolment = new Enrolment(
                database.system(),
                database.jdbc(),
                identities,
                challenges,
                TestAudit.on(database.jdbc(), ids, clock),
                ids,
                clock,
                events::add);
        renewal = new CertificateRenewal(database.system(), identities, challenges);
    }

    public final CertificateAuthority newAuthority() {
        return new CertificateAuthority(
                database.system(), database.jdbc(), SecretWorld.wrapping(database, TestKek.get()), clock);
    }

    /** A token as an administrator would have made it. */
    public String addToken(TenantId tenant, LocationId location, int uses, Duration lifetime) {
        TokenText token = TokenText.make(new SecureRandom(), authority.keyHash());
        UUID id = ids.next();
        database.tenants().run(tenant, () -> {
            database.jdbc()
                    .sql("""
                            INSERT INTO enrolment_token (tenant_id, token_id, location_id, token_hash, prefix, uses_left,
                                expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                    .params(
                            tenant.value(),
                            id,
                            location.value(),
                            token.hash(),
                            token.prefix(),
                            uses,
                            Timestamp.from(clock.instant().plus(lifetime)),
                            Timestamp.from(clock.instant()))
                    .update();
            database.jdbc()
                    .sql("INSERT INTO enrolment_token_directory (token_hash, tenant_id, token_id) VALUES (?, ?, ?)")
                    .params(token.hash(), tenant.value(), id)
                    .update();
        });
        return token.text();
    }

    public Enrolment.Answer.Enrolled enrol(TestAgentKeys keys, TenantId tenant, LocationId location) {
        String token = addToken(tenant, location, 1, Duration.ofHours(1));
        return (Enrolment.Answer.Enrolled) enrolment.enrol(keys.application(token, challenges.issue()));
    }

    public static X509Certificate leaf(IssuedCertificate certificate) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            certificate.chain().getFirst().toArray()));
        } catch (java.security.cert.CertificateException e) {
            throw new AssertionError(e);
        }
    }
}
