package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.liveness.Admission.Refused;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Anybody may choose the targets of a public agent, so its host must keep it to public addresses. */
@DatabaseTest
class PublicAgentHelloTest {
    private final LivenessWorld world;
    private final SessionLedger ledger;
    private final TestAgentKeys keys = new TestAgentKeys();

    PublicAgentHelloTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
    }

    @Test
    void onePublicAgentWithAWiderReachIsRefusedWithoutUsingUpItsCertificate() {
        LocationId location = world.addPublicLocation("Frankfurt");
        Enrolment.Answer.Enrolled agent = world.enrol(keys, TenantId.PLATFORM, location);

        assertThat(ledger.open(world.hello(keys, agent.agent(), agent.certificate(), false)))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Admission.Reason.REACH_TOO_WIDE);
                    assertThat(refused.message())
                            .contains("Frankfurt is a public location", "--addresses-policy public");
                });
        assertThat(ledger.open(world.hello(keys, agent.agent(), agent.certificate(), true)))
                .isInstanceOf(Admitted.class);
    }

    @Test
    void aPrivateAgentMayHaveEitherReach() {
        TenantId tenant = world.database.newTenant();
        Enrolment.Answer.Enrolled agent = world.enrol(keys, tenant, world.addLocation(tenant, "Cellar"));

        assertThat(ledger.open(world.hello(keys, agent.agent(), agent.certificate(), false)))
                .isInstanceOf(Admitted.class);
        assertThat(ledger.open(world.hello(keys, agent.agent(), agent.certificate(), true)))
                .isInstanceOf(Admitted.class);
    }
}
