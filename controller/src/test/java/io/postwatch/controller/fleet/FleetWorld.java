package io.postwatch.controller.fleet;

import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.IdSource;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.TenantId;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.ApplicationEventPublisher;

/** The fleet module on a real database, wired by hand, with time and events in the test's hands. */
public final class FleetWorld {
    public final ScopedDatabase database;
    public final TestClock clock = new TestClock(Instant.parse("2026-11-22T12:00:00Z"));
    public final AtomicLong nanos = new AtomicLong();
    public final NanoTicker ticker = nanos::get;
    public final List<Object> events = new CopyOnWriteArrayList<>();
    public final IdSource ids = new IdSource(clock, new SecureRandom());
    public final CertificateAuthority authority;
    public final AgentIdentities identities;
    public final AgentChallenges challenges;
    public final Enrolment enrolment;
    public final CertificateRenewal renewal;
    public final Locations locations;
    public final Agents agents;

    public FleetWorld(ScopedDatabase database) {
        this.database = database;
        authority = newAuthority();
        challenges = new AgentChallenges(TestKek.get(), clock);
        identities = new AgentIdentities(database.jdbc(), authority, clock);
        enrolment = new Enrolment(database.system(), database.jdbc(), identities, challenges, ids, clock, publisher());
        renewal = new CertificateRenewal(database.system(), identities, challenges);
        locations = new Locations(database.jdbc());
        agents = new Agents(database.jdbc());
    }

    public CertificateAuthority newAuthority() {
        return new CertificateAuthority(database.system(), database.jdbc(), TestKek.get(), clock);
    }

    /** The ledger of one of several controllers. */
    public SessionLedger newLedger(ControllerId controller) {
        return new SessionLedger(database.system(), database.jdbc(), identities, controller, ids, clock, publisher());
    }

    public ControllerLease newLease(ControllerId controller, SessionLedger ledger) {
        return new ControllerLease(database.system(), database.jdbc(), controller, ledger, ticker);
    }

    public ApplicationEventPublisher publisher() {
        return events::add;
    }

    public LocationId addLocation(TenantId tenant, String name) {
        LocationId location = new LocationId(ids.next());
        database.tenants()
                .run(tenant, () -> locations.insert(new Location(tenant, location, name, "", 1, clock.instant())));
        return location;
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

    /** A hello over a connection with the given certificate. */
    public SessionRequest hello(TestAgentKeys keys, AgentId agent, IssuedCertificate certificate) {
        Bytes nonce = Bytes.of(new byte[32]);
        Bytes boot = Bytes.of(new byte[16]);
        return new SessionRequest(
                new AgentCertificate(agent, certificate.serial()),
                agent,
                nonce,
                keys.sign(
                        "postwatch-hello-v1",
                        nonce,
                        Bytes.of(CertificateRenewal.bytes(agent)),
                        keys.sealingKey(),
                        boot),
                keys.sealingKey(),
                boot,
                new AgentFacts("0.1.0", "host", "linux", "amd64", true, false, Set.of(), Set.of(), 10),
                Duration.ZERO);
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
