package io.postwatch.controller.monitortest;

import io.postwatch.controller.assignment.Logins;
import io.postwatch.controller.assignment.SealedLogin;
import io.postwatch.controller.assignment.placement.Placement;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.Agents;
import io.postwatch.controller.fleet.Location;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.monitor.PublicChecks;
import io.postwatch.controller.monitor.PublicChecks.Proven;
import io.postwatch.controller.monitortest.MonitorTestRows.GivenUp;
import io.postwatch.controller.monitortest.MonitorTestRows.Part;
import io.postwatch.controller.peers.PeerListener;
import io.postwatch.controller.peers.PeerNote;
import io.postwatch.controller.peers.PeerNotes;
import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.scope.TenantTransactions;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.MonitorTestId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TestOrderId;
import io.postwatch.controller.web.events.EventHub;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Monitor tests: a run on demand for each target at some locations, stored for an hour. The agent is chosen and the login sealed to its
 * key before anything is stored; the controller that holds the agent's session sends the order, whichever began the test;
 * the answer of an agent is written when it comes, and a location that can't answer says why at once. Safe for all threads.
 */
@Component
public class MonitorTests implements PeerListener {
    static final Duration KEPT = Duration.ofHours(1);
    /** What a test may take beyond the timeout of its run: the way there and back. */
    static final Duration ALLOWANCE = Duration.ofSeconds(5);

    private static final String WAITING = "monitor-test-waiting";

    private static final Logger LOG = LoggerFactory.getLogger(MonitorTests.class);

    private final TenantTransactions tenants;
    private final SystemTransactions system;
    private final MonitorTestRows rows;
    private final Agents agents;
    private final PublicChecks publicChecks;
    private final Logins logins;
    private final TestFormat format;
    private final TestLink link;
    private final PeerNotes peers;
    private final EventHub hub;
    private final JsonMapper json;
    private final IdSource ids;
    private final InstantSource clock;

    MonitorTests(
            TenantTransactions tenants,
            SystemTransactions system,
            MonitorTestRows rows,
            Agents agents,
            PublicChecks publicChecks,
            Logins logins,
            TestFormat format,
            TestLink link,
            PeerNotes peers,
            EventHub hub,
            JsonMapper json,
            IdSource ids,
            InstantSource clock) {
        this.tenants = tenants;
        this.system = system;
        this.rows = rows;
        this.agents = agents;
        this.publicChecks = publicChecks;
        this.logins = logins;
        this.format = format;
        this.link = link;
        this.peers = peers;
        this.hub = hub;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    /** What is tried: the settings of a saved or unsaved monitor, with the password or access token in the clear for as long as this call takes. */
    record Trial(
            @Nullable MonitorId monitor,
            MonitorSettings settings,
            @Nullable LoginSecret secret,
            List<Location> locations) {}

    private record Order(Part part, AgentId agent, Bytes wire) {}

    /** Starts a test and sends its orders. Empty where the tenant began as many in this minute as it may. */
    Optional<MonitorTestId> start(TenantId tenant, Trial trial) {
        MonitorTestId test = new MonitorTestId(ids.next());
        Instant now = clock.instant();
        Instant deadline = now.plus(trial.settings().timeout()).plus(ALLOWANCE);
        List<Order> orders = new ArrayList<>();
        boolean allowed = tenants.call(tenant, () -> {
            if (!rows.takeAllowance(tenant, now)) {
                return false;
            }
            rows.insert(tenant, test, trial.monitor(), now, now.plus(KEPT));
            Proven proven = publicChecks.proven(tenant, trial.settings());
            for (Location location : trial.locations()) {
                Optional<String> refusal =
                        location.isPublic() ? proven.refusal(tenant, trial.settings()) : Optional.empty();
                for (AddressFamily target : trial.settings().addressFamily().targets()) {
                    SeriesPlace place = new SeriesPlace(location.id(), target);
                    Part part = new Part(tenant, test, place, new TestOrderId(ids.next()));
                    if (refusal.isPresent()) {
                        rows.insertFailed(part, location.name(), refusal.get() + ".", now);
                    } else {
                        insert(part, location, trial, deadline).ifPresent(orders::add);
                    }
                }
            }
            hub.publish(tenant, "monitor-test", test, 0);
            return true;
        });
        if (!allowed) {
            return Optional.empty();
        }
        orders.forEach(this::send);
        if (orders.stream().anyMatch(order -> link.session(order.agent()).isEmpty())) {
            peers.tell(WAITING, "");
        }
        return Optional.of(test);
    }

    /** Empty where no agent can do it. */
    private Optional<Order> insert(Part part, Location location, Trial trial, Instant deadline) {
        // One agent for a location's part of the test, as long as it can do all of it.
        Optional<PlacedAgent> agent = Placement.choose(
                new MonitorId(part.test().value()),
                trial.settings(),
                part.place().target(),
                agents.at(part.tenant(), location.id()),
                null,
                clock.instant());
        if (agent.isEmpty()) {
            rows.insertFailed(part, location.name(), whyNobody(part), clock.instant());
            return Optional.empty();
        }
        byte[] order = order(agent.get(), part, trial);
        rows.insertWaiting(part, location.name(), agent.get().id(), order, deadline);
        return Optional.of(new Order(part, agent.get().id(), Bytes.of(order)));
    }

    private byte[] order(PlacedAgent agent, Part part, Trial trial) {
        MonitorLogin login = trial.settings().login();
        Bytes purpose = Bytes.of(part.id().value());
        SealedLogin sealed = login == null ? null : logins.seal(agent, purpose, login, trial.secret());
        return format.testOrder(part.id(), trial.settings(), part.place().target(), sealed);
    }

    /**
     * Hands over what waits for the agents of this controller: their tests may have been begun at another one. Whoever
     * moves the row first sends the order.
     */
    @Scheduled(fixedDelayString = "PT0.5S")
    void handOver() {
        try {
            Instant now = clock.instant();
            system.call(() -> rows.waiting(now)).forEach(one -> send(new Order(one.part(), one.agent(), one.order())));
        } catch (RuntimeException e) {
            LOG.warn("Monitor tests could not be handed over; the next try is in a moment", e);
        }
    }

    /** The row says that it runs before the order goes out: the answer of a near agent must not overtake it. */
    private void send(Order order) {
        Optional<UUID> session = link.session(order.agent());
        if (session.isEmpty()) {
            // It waits for the controller that has it.
            return;
        }
        Part part = order.part();
        boolean began = system.call(() -> rows.run(part, session.get()));
        if (began
                && !link.startTest(
                        order.agent(), session.get(), part.id(), order.wire().toArray())) {
            system.run(() -> {
                rows.fail(part, "The agent of this location has just lost its connection.");
                hub.publish(part.tenant(), "monitor-test", part.test(), 0);
            });
        }
    }

    private String whyNobody(Part part) {
        List<PlacedAgent> here = agents.at(part.tenant(), part.place().location());
        if (here.isEmpty()) {
            return "This location has no agent yet.";
        }
        if (here.stream().noneMatch(PlacedAgent::connected)) {
            return "No agent of this location is connected.";
        }
        if (here.stream().noneMatch(PlacedAgent::isAtWork)) {
            return "Every connected agent of this location is in maintenance.";
        }
        AddressFamily target = part.place().target();
        boolean reached = switch (target) {
            case ANY -> true;
            case IPV4 -> here.stream().anyMatch(PlacedAgent::ipv4);
            case IPV6 -> here.stream().anyMatch(PlacedAgent::ipv6);
        };
        return reached
                ? "No agent of this location is able to run this check."
                : "No agent of this location has " + target.title() + ".";
    }

    /** The answer of an agent. One for a test that is over, unknown or another agent's is ignored. */
    public void outcome(AgentId agent, TestOrderId order, RunRecord run, List<Bytes> chain) {
        Map<Fingerprint, CertificateView> certificates = new HashMap<>();
        for (Bytes certificate : chain) {
            CertificateView.read(certificate.toArray())
                    .ifPresent(view -> certificates.put(new Fingerprint(view.fingerprint()), view));
        }
        system.run(() -> rows.ofAgent(order, agent).forEach(open -> {
            Part part = open.part();
            SeriesPlace place = part.place();
            RunView view = RunView.of(
                    new RunView.Origin(
                            part.test() + "." + place.location() + "."
                                    + place.target().code(),
                            open.monitor(),
                            place.location(),
                            place.target(),
                            agent),
                    run,
                    certificates);
            if (rows.finish(part, json.writeValueAsString(view))) {
                hub.publish(part.tenant(), "monitor-test", part.test(), 0);
            }
        }));
    }

    /** Gives up on agents that did not answer in time, and on those that can't any more; and forgets old tests. */
    @Scheduled(fixedDelayString = "PT1S")
    void giveUp() {
        try {
            Instant now = clock.instant();
            List<GivenUp> all = system.call(() -> {
                rows.deleteExpired(now);
                List<GivenUp> failed = new ArrayList<>(rows.failOrphans(
                        "The agent lost its connection while the test ran. Start it again.",
                        "The controller that the agent was connected to is gone. Start the test again."));
                failed.addAll(rows.failOverdue(
                        now,
                        "The agent could not be reached in time; it may have lost its connection.",
                        "The agent did not answer in time; it may be overloaded or gone."));
                failed.forEach(one -> hub.publish(
                        one.part().tenant(), "monitor-test", one.part().test(), 0));
                return failed;
            });
            all.forEach(one -> link.cancelTest(one.agent(), one.part().id()));
        } catch (RuntimeException e) {
            LOG.warn("Overdue monitor tests could not be ended; the next try is in a second", e);
        }
    }

    @Override
    public Set<String> topics() {
        return Set.of(WAITING);
    }

    /** At once, not on the thread that reads what other controllers tell. */
    @Override
    public void hear(PeerNote note) {
        Thread.ofVirtual().name("monitor-tests").start(this::handOver);
    }

    /** The look that comes twice a second finds what waits. */
    @Override
    public void missed() {
        // Nothing else was told.
    }
}
