package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.AgentCertificate;
import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.liveness.Admission.Refused;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who is let in, and which of an agent's sessions counts. */
@DatabaseTest
class SessionLedgerTest extends LedgerTest {
    SessionLedgerTest(ScopedDatabase database) {
        super(database);
    }

    @Test
    void theNewestSessionCountsAndTheEndOfAnOlderOneChangesNothing() {
        AgentSession first = open(hello());
        AgentSession second = open(hello());

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(ledger.close(first, true)).isFalse();
        assertThat(connected()).isTrue();
        assertThat(ledger.close(second, true)).isTrue();
        assertThat(connected()).isFalse();
        assertThat(world.events).contains(new AgentLost(tenant, agent.agent(), location));
    }

    @Test
    void anOlderHelloOfTheSameProcessIsRefusedWhileALaterOneStands() {
        Bytes boot = Bytes.of(new UUID(1, 1));
        AgentSession standing = open(hello(boot, 5));

        assertThat(ledger.open(hello(boot, 4)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Admission.Reason.OVERTAKEN));
        assertThat(ledger.close(standing, true)).as("it still counts").isTrue();
    }

    @Test
    void aProcessThatWasStartedAnewCountsItsHellosAnew() {
        open(hello(Bytes.of(new UUID(1, 1)), 5));
        AgentSession restarted = open(hello(Bytes.of(new UUID(1, 2)), 1));
        open(hello(Bytes.of(new UUID(1, 2)), 1));
        assertThat(ledger.close(restarted, true)).isFalse();
    }

    @Test
    void whereNoSessionStandsAnOlderHelloIsLetIn() {
        Bytes boot = Bytes.of(new UUID(1, 1));
        ledger.close(open(hello(boot, 5)), true);
        // As a process that was set back with its machine.
        open(hello(boot, 2));
        assertThat(connected()).isTrue();
    }

    @Test
    void anotherAgentsCertificateIsRefused() {
        var other = world.enrol(new TestAgentKeys(), tenant, location);
        SessionRequest good = hello();
        SessionRequest foreign = new SessionRequest(
                new AgentPeer(
                        new AgentCertificate(
                                other.agent(),
                                other.certificate().serial(),
                                other.certificate().tlsKey()),
                        "192.0.2.1",
                        world.clock.instant()),
                good.claimed(),
                good.nonce(),
                good.signature(),
                good.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.generation(),
                good.trustedRoots(),
                good.facts(),
                good.clockOffset());

        assertThat(ledger.open(foreign)).isInstanceOf(Refused.class);
    }

    @Test
    void aHelloSignedOverAnotherNonceIsRefused() {
        SessionRequest good = hello();
        SessionRequest replayed = new SessionRequest(
                good.peer(),
                good.claimed(),
                Bytes.of(new byte[] {1, 2, 3}),
                good.signature(),
                good.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.generation(),
                good.trustedRoots(),
                good.facts(),
                good.clockOffset());

        assertThat(ledger.open(replayed)).isInstanceOf(Refused.class);
    }

    @Test
    void bothSlotsLetInUntilTheNewCertificateWasUsed() {
        open(hello());
        IssuedCertificate renewed = ((CertificateRenewal.Answer.Renewed)
                        world.renewal.renew(keys.renewed().renewal(agent.agent(), world.challenges.issue(), 1)))
                .certificate();

        open(hello());
        open(world.hello(keys, agent.agent(), renewed));

        assertThat(ledger.open(hello()))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.message()).contains("replaced"));
    }

    @Test
    void aNewSealingKeyIsNoticed() {
        SessionRequest good = hello();
        TestAgentKeys fresh = new TestAgentKeys();
        SessionRequest resealed = new SessionRequest(
                good.peer(),
                good.claimed(),
                good.nonce(),
                keys.sign(
                        "postwatch-hello-v1",
                        good.nonce(),
                        Bytes.of(good.claimed().value()),
                        fresh.sealingKey(),
                        good.bootId()),
                fresh.sealingKey(),
                good.bootId(),
                good.attempt(),
                good.generation(),
                good.trustedRoots(),
                good.facts(),
                good.clockOffset());

        assertThat(((Admitted) ledger.open(good)).newSealingKey()).isFalse();
        assertThat(((Admitted) ledger.open(resealed)).newSealingKey()).isTrue();

        Admitted again = (Admitted) ledger.open(resealed);
        assertThat(again.newSealingKey())
                .as("as long as the agent has not applied what is sealed to it")
                .isTrue();
        world.database.system().call(() -> ledger.applied(again.session(), 1, Bytes.of(new byte[32])));
        assertThat(((Admitted) ledger.open(resealed)).newSealingKey()).isFalse();
    }

    @Test
    void theLastTimesThatAnAgentWentAreKnown() {
        ledger.close(open(hello()), true);
        world.clock.advance(Duration.ofMinutes(1));
        open(hello());
        ledger.close(open(hello()), true);
        assertThat(losses()).as("a session that was overtaken is no loss").hasSize(2);
        world.clock.advance(Duration.ofMinutes(1));
        ledger.close(open(hello()), true);
        world.clock.advance(Duration.ofMinutes(1));
        ledger.close(open(hello()), true);

        assertThat(losses())
                .as("the last three")
                .hasSize(3)
                .startsWith(world.clock.instant())
                .doesNotContain(world.clock.instant().minus(Duration.ofMinutes(3)));
    }

    @Test
    void whatEndsASessionThroughNoFaultOfTheAgentIsNoLossOfIts() {
        ledger.close(open(hello()), false);
        open(hello());
        world.clock.advance(SILENCE.plusSeconds(1));
        assertThat(ledger.closeAbandoned(List.of(), SILENCE)).isOne();
        ControllerId dead = new ControllerId(UUID.randomUUID());
        world.newLedger(dead).open(hello());
        ledger.closeSessionsOf(Set.of(dead.value()));
        assertThat(connected()).isFalse();

        assertThat(losses()).isEmpty();
    }

    private List<Instant> losses() {
        return stored().lostAt();
    }
}
