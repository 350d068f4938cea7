package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.audit.TestAudit;
import io.postwatch.controller.enrolment.Enrolment.Answer;
import io.postwatch.controller.fleet.LocationPool;
import io.postwatch.controller.fleet.news.AgentDeleted;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents whose token asks for a person's approval. */
@DatabaseTest
class ApprovalTest {
    private final EnrolmentWorld world;
    private final TenantId tenant;
    private final TestAgentKeys keys = new TestAgentKeys();
    private LocationId location = new LocationId(new UUID(0, 0));
    private String token = "";

    ApprovalTest(ScopedDatabase database) {
        world = new EnrolmentWorld(database);
        tenant = database.newTenant();
    }

    @BeforeEach
    void addToken() {
        location = world.addLocation(tenant, "Paris " + UUID.randomUUID());
        token = world.addTokenForApproval(tenant, location);
    }

    @Test
    void untilItIsApprovedItGetsNoCertificateHoweverItAsks() {
        AgentId agent = awaiting(ask()).agent();

        assertThat(awaiting(ask()).agent()).as("asked again").isEqualTo(agent);
        assertThat(world.renewal.renew(keys.renewal(agent, world.challenges.issue())))
                .isInstanceOfSatisfying(
                        CertificateRenewal.Answer.LockedOut.class,
                        refused -> assertThat(refused.message()).contains("waits until"));
        assertThat(agentsAtWork()).isZero();
        assertThat(world.database.tenants().call(tenant, () -> world.pools.visibleTo(tenant)))
                .extractingByKey(location)
                .extracting(LocationPool::agents)
                .as("of the pool")
                .isEqualTo(0);
        assertThat(world.audited(agent)).containsExactly("agent.asked-for-approval");
    }

    @Test
    void itTakesItsTokensUse() {
        awaiting(ask());

        assertThat(world.enrolment.enrol(new TestAgentKeys().application(token, world.challenges.issue())))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Answer.Reason.TOKEN_USED));
    }

    @Test
    void onceApprovedItGetsItsCertificateAlsoAfterItsTokenHasExpired() {
        AgentId agent = awaiting(ask()).agent();
        world.clock.advance(Duration.ofHours(12));
        decide("awaiting_approval_since = NULL", agent);

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Answer.Enrolled.class,
                        enrolled -> assertThat(enrolled.agent()).isEqualTo(agent));
        assertThat(ask()).as("where the answer was lost").isInstanceOf(Answer.Enrolled.class);
    }

    @Test
    void onceRefusedItIsToldSo() {
        AgentId agent = awaiting(ask()).agent();
        decide("awaiting_approval_since = NULL, refused_at = now(), revoked_at = now()", agent);

        assertThat(ask()).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Answer.Reason.AGENT_REFUSED);
            assertThat(refused.message()).contains("An administrator refused this agent");
        });
    }

    @Test
    void whoNobodyApprovesIsForgottenAfterADay() {
        AgentId agent = awaiting(ask()).agent();
        UnapprovedAgents unapproved = new UnapprovedAgents(
                world.database.system(),
                world.database.jdbc(),
                new EnrolmentProperties(Duration.ofDays(1)),
                TestAudit.on(world.database.jdbc(), world.ids, world.clock),
                world.clock,
                world.publisher());
        world.clock.advance(Duration.ofHours(23));
        unapproved.forget();
        assertThat(awaiting(ask()).agent()).isEqualTo(agent);

        world.clock.advance(Duration.ofHours(2));
        unapproved.forget();

        assertThat(ask())
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Answer.Reason.TOKEN_USED));
        assertThat(world.audited(agent)).contains("agent.forgotten");
        assertThat(world.events).contains(new AgentDeleted(tenant, agent, location));
    }

    private Answer ask() {
        return world.enrolment.enrol(keys.application(token, world.challenges.issue()));
    }

    private static Answer.Awaiting awaiting(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Awaiting.class);
        return (Answer.Awaiting) answer;
    }

    private int agentsAtWork() {
        return world.database
                .tenants()
                .call(tenant, () -> world.agents.at(tenant, location))
                .size();
    }

    private void decide(String how, AgentId agent) {
        world.database
                .superuser()
                .sql("UPDATE agent SET " + how + " WHERE agent_id = ?")
                .param(agent.value())
                .update();
    }
}
