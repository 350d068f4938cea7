package io.postwatch.controller.web;

import io.postwatch.controller.shared.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One browser's stream. Events are offered by any thread; one virtual thread of its own writes them, and a comment
 * where nothing happens, so that both sides notice a dead connection. A browser that doesn't keep up is dropped: it
 * reconnects and fetches everything.
 */
final class EventStream implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int CAPACITY = 256;

    private final TenantId tenant;
    private final String session;
    private final SseEmitter emitter;
    private final Duration heartbeat;
    private final BooleanSupplier stillAllowed;
    private final BlockingQueue<ChangeEvent> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    EventStream(TenantId tenant, String session, SseEmitter emitter, Duration heartbeat, BooleanSupplier stillAllowed) {
        this.tenant = tenant;
        this.session = session;
        this.emitter = emitter;
        this.heartbeat = heartbeat;
        this.stillAllowed = stillAllowed;
    }

    TenantId tenant() {
        return tenant;
    }

    String session() {
        return session;
    }

    void offer(ChangeEvent event) {
        if (!waiting.offer(event)) {
            close();
        }
    }

    /** Ends the stream; its thread notices at the latest with the next heartbeat. */
    void close() {
        closed = true;
        emitter.complete();
    }

    @Override
    public void run() {
        try {
            emitter.send(SseEmitter.event().comment("connected"));
            while (!closed) {
                write(waiting.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS));
            }
        } catch (IOException | IllegalStateException e) {
            LOG.debug("An event stream ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void write(@Nullable ChangeEvent event) throws IOException {
        if (event != null) {
            emitter.send(event, MediaType.APPLICATION_JSON);
        } else if (stillAllowed.getAsBoolean()) {
            emitter.send(SseEmitter.event().comment("still here"));
        } else {
            close();
        }
    }
}
