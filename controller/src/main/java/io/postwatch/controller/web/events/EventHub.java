package io.postwatch.controller.web.events;

import io.postwatch.controller.peers.PeerListener;
import io.postwatch.controller.peers.PeerNote;
import io.postwatch.controller.peers.PeerNotes;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells the browsers of a tenant what to fetch anew, also those that are connected to another controller. Any thread may
 * publish; publishing never waits for a browser. An event may come twice; where one may have been left out, browsers are
 * told to fetch everything, as they do whenever they connect.
 */
@Component
public class EventHub implements SmartLifecycle, PeerListener {
    private static final String TOPIC = "event";

    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final PeerNotes peers;
    private volatile boolean running;

    EventHub(PeerNotes peers) {
        this.peers = peers;
    }

    /** Inside a transaction it is told after the commit, and not at all after a rollback. */
    public void publish(TenantId tenant, String type, Object id, long revision) {
        ChangeEvent event = new ChangeEvent(type, id.toString(), revision);
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            tellEverywhere(tenant, event);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tellEverywhere(tenant, event);
            }
        });
    }

    private void tellEverywhere(TenantId tenant, ChangeEvent event) {
        tell(tenant, event);
        peers.tell(TOPIC, new TenantEvent(tenant, event).toNote());
    }

    @Override
    public Set<String> topics() {
        return Set.of(TOPIC);
    }

    @Override
    public void hear(PeerNote note) {
        TenantEvent heard = TenantEvent.of(note.body());
        tell(heard.tenant(), heard.event());
    }

    @Override
    public void missed() {
        streams.forEach(stream -> stream.offer(ChangeEvent.EVERYTHING));
    }

    private void tell(TenantId tenant, ChangeEvent event) {
        for (EventStream stream : streams) {
            if (stream.tenant().equals(tenant)) {
                stream.offer(event);
            }
        }
    }

    void add(EventStream stream) {
        streams.add(stream);
        if (!running) {
            stream.close();
        }
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    /** How many streams one session holds. */
    long countOf(String session) {
        return streams.stream()
                .filter(stream -> stream.session().equals(session))
                .count();
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for its requests to end: a stream never ends by itself. */
    @Override
    public void stop() {
        running = false;
        streams.forEach(EventStream::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
