package io.postwatch.controller.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.EnrolmentWorld;
import io.postwatch.controller.enrolment.TestAgentKeys;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is kept of agents' spools, and for how long. */
@DatabaseTest
class SpoolUpkeepTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private final ScopedDatabase database;
    private final TenantId tenant;
    private final UUID one;
    private final UUID other;

    SpoolUpkeepTest(ScopedDatabase database) {
        this.database = database;
        EnrolmentWorld world = new EnrolmentWorld(database);
        tenant = database.newTenant();
        var location = world.addLocation(tenant, "Oslo");
        one = world.enrol(new TestAgentKeys(), tenant, location).agent().value();
        other = world.enrol(new TestAgentKeys(), tenant, location).agent().value();
    }

    @Test
    void gapsAreForgottenWithTheResultsOfTheirTime() {
        gap(one, 1, Duration.ofDays(7).plusSeconds(1));
        gap(one, 2, Duration.ofDays(7));
        gap(other, 1, Duration.ofDays(50));

        keep();

        assertThat(database.superuser()
                        .sql("SELECT sequence FROM spool_gap WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query(Long.class)
                        .list())
                .containsExactly(2L);
    }

    @Test
    void lanesOfSpoolsThatNobodyUsesAreForgottenButNotTheLastOneOfAnAgent() {
        UUID replaced = lane(one, 1, Duration.ofDays(31));
        UUID replacedLately = lane(one, 1, Duration.ofDays(29));
        UUID present = lane(one, 1, Duration.ofDays(1));
        UUID awayForLong = lane(other, 1, Duration.ofDays(200));
        UUID before = lane(other, 1, Duration.ofDays(201));
        lane(other, 2, Duration.ofDays(210), awayForLong);
        lane(one, 2, Duration.ofDays(90), present);

        keep();

        assertThat(spools(one))
                .containsExactlyInAnyOrder(replacedLately, present, present)
                .doesNotContain(replaced);
        assertThat(spools(other)).containsExactly(awayForLong, awayForLong).doesNotContain(before);
    }

    private void keep() {
        new ResultPartitions(database.system(), database.jdbc(), InstantSource.fixed(NOW), new ResultProperties(7))
                .keep();
    }

    private void gap(UUID agent, long sequence, Duration age) {
        database.superuser()
                .sql("INSERT INTO spool_gap (tenant_id, agent_id, spool_id, lane, sequence, dropped, first_at, last_at,"
                        + " reason, told_at) VALUES (?, ?, ?, 1, ?, 5, ?, ?, 1, ?)")
                .params(
                        tenant.value(),
                        agent,
                        new UUID(0, 1),
                        sequence,
                        Timestamp.from(NOW.minus(age)),
                        Timestamp.from(NOW.minus(age)),
                        Timestamp.from(NOW.minus(age)))
                .update();
    }

    private UUID lane(UUID agent, int lane, Duration age) {
        return lane(agent, lane, age, UUID.randomUUID());
    }

    private UUID lane(UUID agent, int lane, Duration age, UUID spool) {
        database.superuser()
                .sql("INSERT INTO agent_lane (tenant_id, agent_id, spool_id, lane, acked, updated_at)"
                        + " VALUES (?, ?, ?, ?, 9, ?)")
                .params(tenant.value(), agent, spool, lane, Timestamp.from(NOW.minus(age)))
                .update();
        return spool;
    }

    private List<UUID> spools(UUID agent) {
        return database.superuser()
                .sql("SELECT spool_id FROM agent_lane WHERE agent_id = ?")
                .param(agent)
                .query((row, n) -> row.getObject("spool_id", UUID.class))
                .list();
    }
}
