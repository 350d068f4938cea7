package io.postwatch.controller.web.events;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.web.Caller;
import io.postwatch.controller.web.Callers;
import io.postwatch.controller.web.ForMembers;
import io.postwatch.controller.web.NoActivity;
import io.postwatch.controller.web.Permission;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "events")
class EventsController {
    /** A browser needs one; the others are those it has not yet noticed to be dead. */
    private static final int STREAMS_PER_SESSION = 8;

    private final EventHub hub;
    private final Callers callers;
    private final Duration heartbeat;
    private final NanoTicker ticker;

    EventsController(
            EventHub hub,
            Callers callers,
            @Value("${postwatch.events.heartbeat:15s}") Duration heartbeat,
            NanoTicker ticker) {
        this.hub = hub;
        this.callers = callers;
        this.heartbeat = heartbeat;
        this.ticker = ticker;
    }

    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "streamEvents", summary = "Server-sent events; each one only says what to fetch anew")
    @ForMembers(Permission.READ)
    @NoActivity
    SseEmitter stream(ActingMember member, Caller caller) {
        if (hub.countOf(caller.session()) >= STREAMS_PER_SESSION) {
            throw ProblemException.tooManyRequests("This session has too many event streams.", heartbeat);
        }
        SseEmitter emitter = new SseEmitter(0L);
        EventStream stream = new EventStream(
                member.tenant(), caller.session(), emitter, heartbeat, () -> isStillAllowed(member, caller), ticker);
        emitter.onCompletion(() -> hub.remove(stream));
        emitter.onError(failure -> hub.remove(stream));
        hub.add(stream);
        Thread.ofVirtual().name("events-", 0).start(() -> {
            try {
                stream.run();
            } finally {
                hub.remove(stream);
            }
        });
        return emitter;
    }

    private boolean isStillAllowed(ActingMember member, Caller caller) {
        return callers.isStillSignedIn(caller)
                && callers.role(member.tenant(), member.user()).isPresent();
    }
}
