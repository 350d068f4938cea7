package io.postwatch.controller.peers;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads what the other controllers tell and hands it to those who listen. One thread looks, at every hint and else several
 * times a second, and hands on; a look that fails is made up for by the next. Starts before anything is served.
 */
@Component
class NoteReader implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NoteReader.class);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private final SystemTransactions transactions;
    private final NoteRows rows;
    private final PeerNotes notes;
    private final Hints hints;
    private final ControllerId controller;
    private final PeersProperties properties;
    private final List<PeerListener> listeners;
    private final Map<String, PeerListener> byTopic = new HashMap<>();
    private @Nullable Following following;
    private volatile @Nullable Thread reader;

    NoteReader(
            SystemTransactions transactions,
            NoteRows rows,
            PeerNotes notes,
            Hints hints,
            ControllerId controller,
            PeersProperties properties,
            List<PeerListener> listeners) {
        this.transactions = transactions;
        this.rows = rows;
        this.notes = notes;
        this.hints = hints;
        this.controller = controller;
        this.properties = properties;
        this.listeners = List.copyOf(listeners);
        this.listeners.forEach(listener -> listener.topics().forEach(topic -> {
            if (byTopic.put(topic, listener) != null) {
                throw new IllegalStateException("Two listen to the topic " + topic);
            }
        }));
    }

    @Override
    public void start() {
        attempt();
        Thread thread = Thread.ofVirtual().name("peers-reader").unstarted(this::read);
        reader = thread;
        thread.start();
    }

    @Override
    public void stop() {
        Thread running = reader;
        reader = null;
        if (running == null) {
            return;
        }
        hints.wake();
        try {
            running.join(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return reader != null;
    }

    /** After the writer, and stopped before it. */
    @Override
    public int getPhase() {
        return PeerNotes.PHASE + 1;
    }

    private void read() {
        boolean failing = false;
        try {
            while (reader != null) {
                hints.await(properties.poll());
                boolean failed = !attempt();
                if (failed && !failing) {
                    LOG.warn("What other controllers tell can't be read; the next look comes soon");
                }
                failing = failed;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the database didn't answer. */
    private boolean attempt() {
        try {
            look();
            return true;
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("A look at what other controllers tell failed", e);
            return false;
        }
    }

    private void look() {
        Following before = following;
        if (before == null) {
            Following first = begin();
            following = first;
            notes.setAlone(first.isAlone());
            return;
        }
        Following.Step found = transactions.call(() -> {
            Map<UUID, Boolean> others = rows.others(controller);
            return before.found(others.keySet(), living(others));
        });
        take(found);
        notes.setAlone(found.next().isAlone());
        List<Following.Row> read;
        do {
            Following now = found.next();
            read = now.through().isEmpty() ? List.of() : transactions.call(() -> rows.after(now.through()));
            found = now.read(read);
            take(found);
        } while (read.size() >= NoteRows.ROWS_AT_ONCE);
    }

    private Following begin() {
        return transactions.call(() -> {
            Map<UUID, Boolean> others = rows.others(controller);
            Map<UUID, Long> written = rows.written();
            written.keySet().retainAll(others.keySet());
            return Following.begin(written, living(others));
        });
    }

    private static Set<UUID> living(Map<UUID, Boolean> others) {
        return others.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void take(Following.Step step) {
        following = step.next();
        boolean begun = step.heard().stream().anyMatch(note -> note.topic().equals(PeerNotes.BEGUN));
        if (step.missed() || begun) {
            listeners.forEach(listener -> tell(listener, PeerListener::missed));
        }
        for (PeerNote note : step.heard()) {
            // One of a newer release may tell what nobody here knows.
            PeerListener listener = byTopic.get(note.topic());
            if (listener != null) {
                tell(listener, one -> one.hear(note));
            }
        }
    }

    private static void tell(PeerListener listener, Consumer<PeerListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("What another controller told was not done with", e);
        }
    }
}
