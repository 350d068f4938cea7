package io.postwatch.controller.assignment;

import io.postwatch.controller.fleet.AgentConnected;
import io.postwatch.controller.fleet.AgentDeleted;
import io.postwatch.controller.fleet.AgentDrained;
import io.postwatch.controller.fleet.AgentLost;
import io.postwatch.controller.fleet.AgentReturned;
import io.postwatch.controller.fleet.AgentRevoked;
import io.postwatch.controller.monitor.MonitorChanged;
import io.postwatch.controller.monitor.MonitorDeleted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * When monitors are placed: after monitors and agents change, by the thread that changed them and after its commit; and
 * once a minute for what was missed. A location matters only once an agent connects there. A failure here never undoes
 * or fails the change.
 */
@Component
class PlacementTriggers {
    private static final Logger LOG = LoggerFactory.getLogger(PlacementTriggers.class);

    private final Placements placements;

    PlacementTriggers(Placements placements) {
        this.placements = placements;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(MonitorChanged event) {
        attempt(event, () -> placements.placeMonitor(event.tenant(), event.monitor()));
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(MonitorDeleted event) {
        attempt(event, () -> placements.placeMonitor(event.tenant(), event.monitor()));
    }

    @EventListener
    void on(AgentConnected event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentLost event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentDrained event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentReturned event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentRevoked event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @EventListener
    void on(AgentDeleted event) {
        attempt(event, () -> placements.placeLocation(event.tenant(), event.location()));
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT5S")
    void placeForgotten() {
        attempt("the look at all locations", placements::placeForgotten);
    }

    private static void attempt(Object occasion, Runnable placement) {
        try {
            placement.run();
        } catch (RuntimeException e) {
            LOG.warn("Placing monitors after {} failed; the next look at all locations makes up for it", occasion, e);
        }
    }
}
