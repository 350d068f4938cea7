package io.postwatch.controller.web;

import io.postwatch.controller.shared.TenantId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells the browsers of a tenant what to fetch anew. Any thread may publish; publishing never waits for a browser. It
 * knows the browsers of this controller only and gives no guarantee: whoever reconnects fetches everything.
 */
@Component
public class EventHub implements SmartLifecycle {
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    /** Inside a transaction it is told after the commit, and not at all after a rollback. */
    public void publish(TenantId tenant, String type, Object id, long revision) {
        ChangeEvent event = new ChangeEvent(type, id.toString(), revision);
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            tell(tenant, event);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tell(tenant, event);
            }
        });
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
