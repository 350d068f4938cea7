package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.database.DatabaseLogin;
import io.postwatch.controller.enrolment.Enrolment;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.liveness.Admission.Admitted;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.scope.SqlStates;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessException;

/** A controller that stops inside a transaction says nothing more, and its connection stays. */
@Timeout(90)
@DatabaseTest
class StoppedControllerTest {
    private final LivenessWorld world;
    private final SessionLedger ledger;
    private final TestAgentKeys keys = new TestAgentKeys();
    private final Enrolment.Answer.Enrolled agent;

    StoppedControllerTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
        TenantId tenant = database.newTenant();
        LocationId location = world.addLocation(tenant, "Oslo");
        ledger = world.newLedger(new ControllerId(UUID.randomUUID()));
        agent = world.enrol(keys, tenant, location);
    }

    @Test
    void itsAgentStandsElsewhereSoon() throws SQLException {
        try (Connection stopped = stopsHolding(agent.agent())) {
            await().atMost(45, TimeUnit.SECONDS).until(this::comesToAnother);
            assertThat(stopped.isValid(5)).as("it has lost its transaction").isFalse();
        }
    }

    @Test
    void theEndOfASessionIsWrittenWhoeverHoldsTheAgentUntilItIsDead() throws SQLException {
        AgentSession session = open();
        try (Connection _ = stopsHolding(agent.agent())) {
            assertThat(ledger.close(session, true)).isTrue();
        }
    }

    /** The agent tries again and again, as whoever is told that the database did not answer. */
    private boolean comesToAnother() {
        try {
            open();
            return true;
        } catch (DataAccessException e) {
            assertThat(SqlStates.of(e)).isEqualTo(SqlStates.LOCK_NOT_AVAILABLE);
            return false;
        }
    }

    private AgentSession open() {
        return ((Admitted) ledger.open(world.hello(keys, agent.agent(), agent.certificate()))).session();
    }

    /** As the role that controllers run as. */
    private Connection stopsHolding(AgentId held) throws SQLException {
        DatabaseLogin login = world.database.database().access().system();
        Connection connection = DriverManager.getConnection(
                login.url() + "?currentSchema=postwatch", login.username(), login.password());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT FROM agent WHERE agent_id = '" + held.value() + "' FOR UPDATE");
        }
        return connection;
    }
}
