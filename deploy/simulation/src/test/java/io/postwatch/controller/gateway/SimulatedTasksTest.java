package io.postwatch.controller.gateway;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.machine.Trace;
import io.postwatch.simulation.machine.VirtualTime;
import io.postwatch.simulation.store.Placer;
import io.postwatch.simulation.store.Rows;
import io.postwatch.simulation.store.SimulatedDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** The simulated work of sessions, on rows in memory. */
class SimulatedTasksTest implements SessionTasksContract {

    private static final LocationId PLACE = new LocationId(new UUID(1, 1));
    private static final AgentId AGENT = new AgentId(new UUID(1, 2));
    private static final MonitorId MONITOR = new MonitorId(new UUID(1, 6));

    private OneController world;
    private ControllerHost host;

    @BeforeEach
    void assignAMonitor() {
        world = new OneController();
        host = new ControllerHost("server-1", world, Duration.ZERO);
        host.start();
        Rows rows = world.database().look();
        Rows.AgentRow connected = new Rows.AgentRow(
                AGENT, PLACE, new UUID(1, 4), 1, new UUID(1, 5), world.time().instant(), 0, 0);
        rows.agents.put(AGENT, connected);
        rows.monitors.put(MONITOR, new Rows.MonitorRow(MONITOR, settings(), 1, false, Set.of(PLACE)));
        host.changed(List.of(PLACE));
        rows.agents.computeIfPresent(AGENT, (id, row) -> Placer.withoutSession(row));
    }

    @Override
    public SessionTasks tasks() {
        return host.tasks();
    }

    @Override
    public AgentPeer certificate() {
        return TestPeers.of(AGENT, BigInteger.ONE);
    }

    @Override
    public AgentPeer stranger() {
        return TestPeers.of(new AgentId(new UUID(1, 3)), BigInteger.TWO);
    }

    @Override
    public SeriesId series() {
        return Objects.requireNonNull(world.database().look().series.get(new Rows.Site(MONITOR, PLACE)));
    }

    @Override
    public SessionEffect.Admit hello(AgentPeer agent, Hello.Builder hello) {
        return new SessionEffect.Admit(Bytes.of(new byte[32]), hello.build(), now());
    }

    @Override
    public Instant now() {
        return world.time().instant();
    }

    @Override
    public int stored(SeriesId of) {
        return (int) world.database().look().results.keySet().stream()
                .filter((Rows.ResultKey key) -> key.series() == of.value())
                .count();
    }

    private static MonitorSettings settings() {
        return new MonitorSettings(
                MonitorType.SMTP,
                new MailHost("mail.example.org"),
                25,
                Security.NONE,
                FamilyChoice.ANY,
                null,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                new Thresholds(null, null),
                new CertificatePolicy(14, 3, true),
                Expectations.NONE,
                null,
                null,
                null);
    }

    /** A world in which there is one controller and nothing goes wrong. */
    private static final class OneController implements ControllerHost.Surroundings {

        private final VirtualTime time = new VirtualTime();
        private final Chance chance = new Chance(1);
        private final Trace trace = new Trace(time);
        private final Ledger ledger = new Ledger(time);
        private final SimulatedDatabase database = new SimulatedDatabase(chance);
        private final Placer placer = new Placer(database);

        @Override
        public VirtualTime time() {
            return time;
        }

        @Override
        public Chance chance() {
            return chance;
        }

        @Override
        public Trace trace() {
            return trace;
        }

        @Override
        public Ledger ledger() {
            return ledger;
        }

        @Override
        public SimulatedDatabase database() {
            return database;
        }

        @Override
        public Placer placer() {
            return placer;
        }

        @Override
        public String agentName(UUID agent) {
            return "agent";
        }

        @Override
        public boolean mayHaveForgotten() {
            // A leap is one of the things that are asked for here.
            return true;
        }

        @Override
        public boolean mayLookEarly() {
            return false;
        }

        @Override
        public void ended(ControllerHost ended) {
            throw new IllegalStateException("Nothing ends");
        }
    }
}
