package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateRenewal;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.EnrolmentWorld;
import io.postwatch.controller.enrolment.IssuedCertificate;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.fleet.AgentSessions;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.liveness.Admission.Reason;
import io.postwatch.controller.liveness.Admission.Refused;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent whose state folder is on two machines, and one whose place another host takes. */
@DatabaseTest
class CopiedAgentTest {
    private static final Duration LATER = Duration.ofMinutes(2);
    private static final Bytes X = Bytes.of(new UUID(1, 1));
    private static final Bytes Y = Bytes.of(new UUID(1, 2));

    private final LivenessWorld world;
    private final SessionLedger ledger;
    private final TenantId tenant;
    private final TestAgentKeys keys = new TestAgentKeys();
    private LocationId location = new LocationId(new UUID(0, 0));
    private Enrolment.Answer.Enrolled agent;
    private IssuedCertificate first;

    CopiedAgentTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Paris " + UUID.randomUUID());
        agent = world.enrol(keys, tenant, location);
        first = agent.certificate();
    }

    @BeforeEach
    void connect() {
        open(X, 1, first);
        later();
    }

    @Test
    void aCopyThatRenewsAfterAnotherOneHasIsFoundAndBothAreLockedOut() {
        IssuedCertificate renewed = renewed(keys.renewed(), 1);
        open(X, 2, renewed);
        later();

        assertThat(world.renewal.renew(keys.renewed().renewal(id(), world.challenges.issue(), 1)))
                .isInstanceOf(CertificateRenewal.Answer.LockedOut.class);

        assertLocked("older-certificate");
        refused(hello(X, 3, renewed), Reason.CLONED);
        refused(hello(Y, 1, first), Reason.CLONED);
        assertThat(world.ended).anySatisfy(ended -> assertThat(ended.why()).isEqualTo(AgentSessions.Why.CLONED));
        assertThat(world.events).contains(new AgentLost(tenant, id(), location));
        assertThat(world.audited(id())).contains("agent.cloned");
    }

    @Test
    void aCopyThatComesWithAnOlderCertificateIsFound() {
        open(X, 2, renewed(keys.renewed(), 1));
        later();

        refused(hello(Y, 1, first), Reason.CLONED);
        assertLocked("older-certificate");
    }

    @Test
    void copiesThatBothRenewedAreFound() {
        IssuedCertificate one = renewed(keys.renewed(), 1);
        IssuedCertificate other = renewed(keys.renewed(), 1);
        open(Y, 1, other);
        later();

        refused(hello(X, 2, one), Reason.CLONED);
        assertLocked("other-certificate");
    }

    @Test
    void copiesThatTakeTurnsAreFoundAtTheSecondReturn() {
        open(Y, 1, first);
        later();
        open(X, 2, first);
        later();
        open(Y, 2, first);
        later();

        refused(hello(X, 3, first), Reason.CLONED);
        assertLocked("two-processes");
    }

    /** By a copy of the agent's keys, which makes up processes, so that those of the agent are forgotten. */
    @Test
    void whoInventsProcessesIsFoundAllTheSame() {
        for (int attempt = 2; attempt <= 3; attempt++) {
            heard();
            for (int n = 0; n < 3 * BootHistory.MOST; n++) {
                open(Bytes.of(new UUID(attempt, n)), 1, first);
                world.clock.advance(Duration.ofSeconds(1));
            }
            if (attempt == 2) {
                open(X, attempt, first);
                later();
            }
        }
        refused(hello(X, 3, first), Reason.CLONED);
        assertLocked("two-processes");
    }

    /** A renewal that is cut off: before it was asked, before the answer came, before it was kept, before it was used. */
    @Test
    void aRenewalThatWasCutOffIsNoCopy() {
        TestAgentKeys next = keys.renewed();
        renewed(next, 1);
        open(X, 2, first);
        IssuedCertificate again = renewed(next, 1);
        IssuedCertificate late = renewed(next, 1);
        later();
        // The second answer came and was kept; the third was written, and its answer lost.
        open(Y, 1, again);
        later();
        open(Y, 2, again);
        open(Y, 3, late);
        assertThat(locked()).isFalse();
    }

    /** By a controller that stood still with it, and an agent that was started anew meanwhile. */
    @Test
    void whatIsJudgedLateIsNoCopy() {
        SessionRequest hungHello = hello(X, 2, first);
        var hungRenewal = keys.renewed().renewal(id(), world.challenges.issue(), 1);
        open(Y, 1, renewed(keys.renewed(), 1));

        refused(hungHello, Reason.NOT_IDENTIFIED);
        assertThat(world.renewal.renew(hungRenewal)).isInstanceOf(CertificateRenewal.Answer.Late.class);
        assertThat(locked()).isFalse();
    }

    /** What one controller asked before the newer certificate came into use may look to another one as if asked after. */
    @Test
    void whereTheClocksOfControllersDifferNobodyIsTakenForACopy() {
        IssuedCertificate renewed = renewed(keys.renewed(), 1);
        open(X, 2, renewed);
        later();
        world.clocks.told(Duration.ZERO, Duration.ofSeconds(16));

        assertThat(world.renewal.renew(keys.renewed().renewal(id(), world.challenges.issue(), 1)))
                .isInstanceOf(CertificateRenewal.Answer.Late.class);
        refused(hello(Y, 1, first), Reason.NOT_IDENTIFIED);
        assertThat(locked()).isFalse();

        world.clocks.told(Duration.ZERO, Duration.ofSeconds(15));
        refused(hello(Y, 1, first), Reason.CLONED);
    }

    @Test
    void aSnapshotOfTheStateWithinOneGenerationGoesOn() {
        open(Y, 1, first);
        later();
        open(Bytes.of(new UUID(1, 3)), 1, first);
        later();
        open(Bytes.of(new UUID(1, 4)), 1, first);
        assertThat(locked()).isFalse();
    }

    @Test
    void aDatabaseThatWasSetBackIsNoCopy() {
        IssuedCertificate second = renewed(keys.renewed(), 1);
        open(X, 2, second);
        later();
        IssuedCertificate unknown = new IssuedCertificate(
                second.chain(),
                second.roots(),
                second.formerRoots(),
                second.serial().add(java.math.BigInteger.TWO),
                second.notAfter(),
                9,
                Bytes.of(new byte[32]));

        refused(hello(X, 3, unknown), Reason.NOT_IDENTIFIED);
        IssuedCertificate beyond = renewed(keys.renewed(), 9);
        assertThat(beyond.generation()).isEqualTo(10);
        open(X, 4, beyond);
        assertThat(locked()).isFalse();
    }

    @Test
    void aNewHostTakesTheAgentsPlaceAndTheOldOneIsToldSo() {
        AgentSession old = open(X, 2, first);
        TestAgentKeys newcomer = new TestAgentKeys();
        var taken = replace(newcomer);
        assertThat(taken.agent()).as("it keeps its id").isEqualTo(id());
        assertThat(taken.agentName()).as("and its name").isEqualTo(agent.agentName());
        assertThat(world.ended)
                .contains(new EnrolmentWorld.EndedSessions(id(), old.epoch() + 1, AgentSessions.Why.REPLACED));
        assertThat(world.database.system().call(() -> ledger.applied(old, 1, Bytes.EMPTY)))
                .as("it is fenced")
                .isFalse();
        later();

        refusedReplaced(hello(X, 3, first));
        assertThat(world.renewal.renew(keys.renewal(id(), world.challenges.issue(), 1)))
                .isInstanceOf(CertificateRenewal.Answer.Replaced.class);
        assertThat(world.enrolment.enrol(keys.application(
                        world.addToken(tenant, location, 1, Duration.ofHours(1)), world.challenges.issue())))
                .isInstanceOfSatisfying(
                        Enrolment.Answer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Enrolment.Answer.Reason.AGENT_REPLACED));
        AgentSession now = ((Admitted) ledger.open(world.hello(newcomer, id(), taken.certificate(), Y, 1))).session();
        assertThat(now.epoch()).isGreaterThan(old.epoch() + 1);
        assertThat(world.audited(id()))
                .containsSubsequence("agent.replaced", "agent.came-after-replacement")
                .filteredOn("agent.came-after-replacement"::equals)
                .as("on record once")
                .hasSize(1);
    }

    @Test
    void theWayOutOfALockIsAReplacement() {
        open(X, 2, renewed(keys.renewed(), 1));
        later();
        refused(hello(Y, 1, first), Reason.CLONED);
        TestAgentKeys newcomer = new TestAgentKeys();

        var taken = replace(newcomer);

        ledger.open(world.hello(newcomer, id(), taken.certificate(), Y, 1));
        assertThat(locked()).isFalse();
        refusedReplaced(hello(X, 3, first));
    }

    @Test
    void whereTheAnswerToAReplacementIsLostItIsGivenAgain() {
        TestAgentKeys newcomer = new TestAgentKeys();
        String token = world.addReplacement(tenant, location, id());
        world.enrolment.enrol(newcomer.application(token, world.challenges.issue()));

        var again = (Enrolment.Answer.Enrolled)
                world.enrolment.enrol(newcomer.application(token, world.challenges.issue()));

        assertThat(ledger.open(world.hello(newcomer, id(), again.certificate(), Y, 1)))
                .isInstanceOf(Admitted.class);
    }

    @Test
    void aHostThatIsAnAgentAlreadyTakesNobodysPlace() {
        TestAgentKeys other = new TestAgentKeys();
        world.enrol(other, tenant, location);
        String token = world.addReplacement(tenant, location, id());

        assertThat(world.enrolment.enrol(other.application(token, world.challenges.issue())))
                .isInstanceOfSatisfying(
                        Enrolment.Answer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Enrolment.Answer.Reason.ALREADY_AN_AGENT));
        assertThat(hello(X, 2, first))
                .satisfies(hello -> assertThat(ledger.open(hello)).isInstanceOf(Admitted.class));
    }

    private Enrolment.Answer.Enrolled replace(TestAgentKeys newcomer) {
        String token = world.addReplacement(tenant, location, id());
        return (Enrolment.Answer.Enrolled) world.enrolment.enrol(newcomer.application(token, world.challenges.issue()));
    }

    /** The session that stands, by its heartbeats. */
    private void heard() {
        world.database
                .superuser()
                .sql("UPDATE agent SET last_seen_at = connected_at + interval '20 seconds' WHERE agent_id = ?")
                .param(id().value())
                .update();
    }

    private void later() {
        world.clock.advance(LATER);
    }

    private AgentId id() {
        return agent.agent();
    }

    private SessionRequest hello(Bytes boot, long attempt, IssuedCertificate certificate) {
        return world.hello(keys, id(), certificate, boot, attempt);
    }

    private AgentSession open(Bytes boot, long attempt, IssuedCertificate certificate) {
        Admission admission = ledger.open(hello(boot, attempt, certificate));
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).session();
    }

    private void refused(SessionRequest hello, Reason reason) {
        assertThat(ledger.open(hello))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private void refusedReplaced(SessionRequest hello) {
        assertThat(ledger.open(hello)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.REPLACED);
            assertThat(refused.message())
                    .contains("taken the place of this agent")
                    .contains("2026-11-22T");
        });
    }

    private IssuedCertificate renewed(TestAgentKeys with, long generation) {
        var answer = world.renewal.renew(with.renewal(id(), world.challenges.issue(), generation));
        assertThat(answer).isInstanceOf(CertificateRenewal.Answer.Renewed.class);
        return ((CertificateRenewal.Answer.Renewed) answer).certificate();
    }

    private void assertLocked(String sign) {
        assertThat(world.database
                        .superuser()
                        .sql(
                                "SELECT clone_sign FROM agent WHERE agent_id = ? AND session_id IS NULL AND cloned_at IS NOT NULL")
                        .param(id().value())
                        .query(String.class)
                        .list())
                .containsExactly(sign);
    }

    private boolean locked() {
        return world.database
                .superuser()
                .sql("SELECT cloned_at IS NOT NULL FROM agent WHERE agent_id = ?")
                .param(id().value())
                .query(Boolean.class)
                .single();
    }
}
