package io.postwatch.controller.assignment;

import io.postwatch.controller.assignment.PlacementQueue.Work;
import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.AgentDeleted;
import io.postwatch.controller.fleet.news.AgentDrained;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.fleet.news.AgentReturned;
import io.postwatch.controller.fleet.news.AgentRevoked;
import io.postwatch.controller.fleet.news.LocationOpened;
import io.postwatch.controller.liveness.ControllerEnded;
import io.postwatch.controller.monitor.MonitorChanged;
import io.postwatch.controller.monitor.MonitorDeleted;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.proof.DomainProofChanged;
import io.postwatch.controller.scope.SystemTransactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * When monitors are placed. What people change is placed by the thread that changed it, after its commit, so that the
 * answer shows it; agents that come and go only mark their location, since thousands may do so at once and nobody who
 * tells of them has time to wait. Once a minute all locations are looked at for what was missed. A failure never undoes
 * or fails the change; it is tried again.
 */
@Component
class PlacementTriggers {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementTriggers.class);

    private final SystemTransactions system;
    private final Monitors monitors;
    private final Placements placements;
    private final Placer placer;

    PlacementTriggers(SystemTransactions system, Monitors monitors, Placements placements, Placer placer) {
        this.system = system;
        this.monitors = monitors;
        this.placements = placements;
        this.placer = placer;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(MonitorChanged event) {
        place(new Work.OfMonitor(event.tenant(), event.monitor()));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(MonitorDeleted event) {
        place(new Work.OfMonitor(event.tenant(), event.monitor()));
    }

    /** What a failure leaves behind is found with the next look at all locations. */
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(DomainProofChanged event) {
        try {
            system.call(() -> monitors.needingProof(event.tenant()))
                    .forEach(monitor -> placer.mark(new Work.OfMonitor(event.tenant(), monitor.id())));
        } catch (RuntimeException e) {
            LOG.warn("Which monitors of tenant {} need a proof could not be read", event.tenant(), e);
        }
    }

    @EventListener
    void on(AgentConnected event) {
        placer.mark(new Work.AtLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentLost event) {
        placer.mark(new Work.AtLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentDrained event) {
        place(new Work.AtLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentReturned event) {
        place(new Work.AtLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentRevoked event) {
        place(new Work.AtLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentDeleted event) {
        place(new Work.AtLocation(event.tenant(), event.location()));
    }

    /** Monitors begin to run there, and some end to run at private locations that stood in for a public one. */
    @EventListener
    void on(LocationOpened event) {
        LOG.info("Location {} is open to all tenants: all locations are looked at for what moves", event.location());
        lookAtAll();
    }

    /** What it had marked, only it knew: sessions may have ended whose monitors it has not placed. */
    @EventListener
    void on(ControllerEnded event) {
        LOG.info("Controller {} has ended: all locations are looked at for what it left", event.controller());
        lookAtAll();
    }

    /** What a stop or a failure between a change and its placement has left behind. */
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT5S")
    void lookAtAll() {
        try {
            placer.look(placements.everywhere());
        } catch (RuntimeException e) {
            LOG.warn("The locations could not be read; the next look at all of them comes in a minute", e);
        }
    }

    private void place(Work work) {
        try {
            placements.place(work);
        } catch (RuntimeException e) {
            LOG.warn("Placing {} failed, and is tried again", work, e);
            placer.mark(work);
        }
    }
}
