package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.UUID;

/** What tests of the ledger share: one agent at a location, and the ledger of one controller on a real database. */
abstract class LedgerTest {
    static final Duration SILENCE = Duration.ofSeconds(24);

    final LivenessWorld world;
    final TenantId tenant;
    final LocationId location;
    final SessionLedger ledger;
    final TestAgentKeys keys = new TestAgentKeys();
    final Enrolment.Answer.Enrolled agent;

    LedgerTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        tenant = database.newTenant();
        location = world.addLocation(tenant, "Oslo");
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
        agent = world.enrol(keys, tenant, location);
    }

    SessionRequest hello() {
        return world.hello(keys, agent.agent(), agent.certificate());
    }

    SessionRequest hello(Bytes boot, long attempt) {
        return world.hello(keys, agent.agent(), agent.certificate(), boot, attempt);
    }

    AgentSession open(SessionRequest request) {
        Admission admission = ledger.open(request);
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).session();
    }

    boolean connected() {
        return stored().connected();
    }

    /** The agent, as it stands in the database. */
    PlacedAgent stored() {
        return world.database
                .tenants()
                .call(tenant, () -> world.agents.find(tenant, agent.agent()).orElseThrow());
    }
}
