package io.postwatch.controller.fleet.news;

import io.postwatch.controller.web.events.EventHub;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells browsers when agents come and go. */
@Component
class FleetNews {
    private final EventHub hub;

    FleetNews(EventHub hub) {
        this.hub = hub;
    }

    @EventListener
    void on(AgentEnrolled event) {
        hub.publish(event.tenant(), "agent", event.agent(), 0);
        hub.publish(event.tenant(), "enrolment-token", event.location(), 0);
    }

    @EventListener
    void on(AgentConnected event) {
        hub.publish(event.tenant(), "agent", event.agent(), 0);
    }

    @EventListener
    void on(AgentLost event) {
        hub.publish(event.tenant(), "agent", event.agent(), 0);
    }

    @EventListener
    void on(AgentDeleted event) {
        hub.publish(event.tenant(), "agent", event.agent(), 0);
    }

    @EventListener
    void on(LocationFellSilent event) {
        hub.publish(event.owner(), "location", event.location(), 0);
    }

    @EventListener
    void on(LocationHeardAgain event) {
        hub.publish(event.owner(), "location", event.location(), 0);
    }
}
