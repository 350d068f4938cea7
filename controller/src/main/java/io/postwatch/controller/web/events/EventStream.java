package io.postwatch.controller.web.events;

import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.TenantId;
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
 * reconnects and fetches everything. Nobody but its own thread touches the emitter, whose lock is held while a browser
 * doesn't read.
 */
final class EventStream implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int CAPACITY = 256;
    private static final ChangeEvent WAKE_UP = new ChangeEvent("", "", 0);

    private final TenantId tenant;
    private final String session;
    private final SseEmitter emitter;
    private final Duration heartbeat;
    private final BooleanSupplier stillAllowed;
    private final NanoTicker ticker;
    private final BlockingQueue<ChangeEvent> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;

    EventStream(
            TenantId tenant,
            String session,
            SseEmitter emitter,
            Duration heartbeat,
            BooleanSupplier stillAllowed,
            NanoTicker ticker) {
        this.tenant = tenant;
        this.session = session;
        this.emitter = emitter;
        this.heartbeat = heartbeat;
        this.stillAllowed = stillAllowed;
        this.ticker = ticker;
    }

    TenantId tenant() {
        return tenant;
    }

    String session() {
        return session;
    }

    /** Never waits. */
    void offer(ChangeEvent event) {
        if (!waiting.offer(event)) {
            close();
        }
    }

    /** Asks the stream's own thread to end it, and never waits for that. */
    void close() {
        closed = true;
        // Where there is no room the thread has something to take and doesn't wait either.
        if (!waiting.offer(WAKE_UP)) {
            LOG.debug("An event stream ends with events that nobody read");
        }
    }

    @Override
    public void run() {
        try {
            emitter.send(SseEmitter.event().comment("connected"));
            long checked = ticker.nanos();
            while (!closed) {
                ChangeEvent event = waiting.poll(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
                if (event == null || ticker.nanos() - checked >= heartbeat.toNanos()) {
                    checked = ticker.nanos();
                    if (!stillAllowed.getAsBoolean()) {
                        closed = true;
                    }
                }
                if (!closed) {
                    write(event);
                }
            }
        } catch (IOException | IllegalStateException e) {
            LOG.debug("An event stream ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            emitter.complete();
        }
    }

    private void write(@Nullable ChangeEvent event) throws IOException {
        if (event != null) {
            emitter.send(event, MediaType.APPLICATION_JSON);
        } else {
            emitter.send(SseEmitter.event().comment("still here"));
        }
    }
}
