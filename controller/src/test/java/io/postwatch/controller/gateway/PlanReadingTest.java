package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.AgentPlans;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.Locations;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.CountedStatements;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read for an agent or a location: as many statements for many monitors as for few, and no monitor of another. */
class PlanReadingTest extends GatewayTest {
    private final AgentPlans plans;
    private final Monitors monitors;
    private final Locations locations;

    PlanReadingTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired AgentPlans plans,
            @Autowired Monitors monitors,
            @Autowired Locations locations) {
        super(people, server, authority, system, jdbc);
        this.plans = plans;
        this.monitors = monitors;
        this.locations = locations;
    }

    @Test
    void aSnapshotReadsItsMonitorsAndTheirPasswordsAtOnce() {
        ScriptedAgent agent = enrolled();
        agent.connect().greet().hear(MessageCase.SNAPSHOT);
        AgentSession session = new AgentSession(
                owner.tenant(), agent.id(), new LocationId(UUID.fromString(location)), UUID.randomUUID(), 1);
        AtomicReference<PlanChange> change = new AtomicReference<>();
        Runnable read = () -> change.set(plans.change(session, DesiredState.NOTHING, true));
        addMonitorsWithLogin(2);
        List<String> few = CountedStatements.of(read);
        assertThat(change.get().assigned()).hasSize(2);

        addMonitorsWithLogin(3);

        assertThat(CountedStatements.of(read)).isEqualTo(few).isNotEmpty();
        assertThat(change.get().assigned())
                .hasSize(5)
                .allSatisfy(order -> assertThat(order.secret()).isNotNull());
    }

    @Test
    void aLocationReadsTheMonitorsThatRunThere() {
        String listing = createMonitor(null);
        String everywhere =
                create(Map.of("type", "imap", "host", "mail.example.org", "locations", Map.of("allPublic", true)));
        String paused = createMonitor(null);
        owner.post("/api/v1/monitors/" + paused + "/pause", Map.of());
        String elsewhere = owner.post("/api/v1/locations", Map.of("name", "Rome"))
                .json()
                .get("id")
                .asString();
        create(Map.of(
                "type", "imap", "host", "mail.example.org", "locations", Map.of("locationIds", List.of(elsewhere))));
        var mine = owner;
        owner = people.member(Role.OWNER);
        create(Map.of("type", "imap", "host", "mail.example.org", "locations", Map.of("allPublic", true)));

        List<String> read = system.call(() -> {
            Location here = locations
                    .find(mine.tenant(), new LocationId(UUID.fromString(location)))
                    .orElseThrow();
            return monitors.runningAt(here).stream()
                    .map(monitor -> monitor.id().value().toString())
                    .toList();
        });

        assertThat(read).containsExactlyInAnyOrder(listing, everywhere);
    }

    private void addMonitorsWithLogin(int count) {
        for (int i = 0; i < count; i++) {
            createMonitor(Map.of("username", "user" + i, "password", CANARY + i));
        }
    }

    private String create(Map<String, Object> monitor) {
        var made = owner.post("/api/v1/monitors", monitor);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().get("id").asString();
    }
}
