package io.postwatch.controller.peers;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Tells the other controllers. Any thread may tell, after the commit of what it tells of, and never waits; one thread
 * writes: what was told while it wrote goes into the next row. Where there is no other controller nothing is written.
 */
@Component
public class PeerNotes implements SmartLifecycle {
    /** Told by one who was alone and wrote nothing until now. */
    static final String BEGUN = "begun";

    /** Starts before, and stops after, whatever tells something. */
    static final int PHASE = 0;

    private static final Logger LOG = LoggerFactory.getLogger(PeerNotes.class);

    /** Rows don't follow each other faster: under load each says more. */
    private static final Duration BETWEEN_ROWS = Duration.ofMillis(50);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final SystemTransactions transactions;
    private final NoteRows rows;
    private final Hints hints;
    private final ControllerId controller;
    private final PeersProperties properties;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pending pending = new Pending();
    private boolean alone;
    private boolean stopping;
    private @Nullable Thread writer;

    PeerNotes(
            SystemTransactions transactions,
            NoteRows rows,
            Hints hints,
            ControllerId controller,
            PeersProperties properties,
            InstantSource clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.hints = hints;
        this.controller = controller;
        this.properties = properties;
        this.clock = clock;
    }

    /** Tells every other controller that lives. */
    public void tell(String topic, String body) {
        lock.lock();
        try {
            if (!alone) {
                pending.add(new PeerNote(topic, body));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is another one to tell. What was left out before is made up for by the others. */
    void setAlone(boolean now) {
        lock.lock();
        try {
            boolean before = alone;
            alone = now;
            if (before && !now) {
                tell(BEGUN, "");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            stopping = false;
            writer = Thread.ofVirtual().name("peers-writer").start(this::write);
        } finally {
            lock.unlock();
        }
    }

    /** After what was told last is written, or can't be. */
    @Override
    public void stop() {
        Thread running;
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            running = writer;
            writer = null;
        } finally {
            lock.unlock();
        }
        try {
            if (running != null && !running.join(STOP_WITHIN)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        lock.lock();
        try {
            return writer != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void write() {
        try {
            Optional<Following.Row> row = next();
            while (row.isPresent()) {
                write(row.get());
                pause(BETWEEN_ROWS);
                row = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to tell; empty once all is told and this controller stops. */
    private Optional<Following.Row> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.isEmpty() && !stopping) {
                changed.await();
            }
            return pending.take(controller);
        } finally {
            lock.unlock();
        }
    }

    /** Until it is written: a number left out would make the others look at everything. */
    private void write(Following.Row row) throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                transactions.run(() -> rows.write(row, clock.instant()));
                hints.give();
                return;
            } catch (DataIntegrityViolationException e) {
                LOG.error("The other controllers can't be told what changed; they look at everything instead", e);
                leaveOut();
                return;
            } catch (DataAccessException | TransactionException e) {
                if (!told) {
                    LOG.warn("The other controllers could not be told what changed; tried again every second", e);
                    told = true;
                }
            }
            if (pause(AFTER_FAILURE)) {
                return;
            }
        }
    }

    private void leaveOut() {
        lock.lock();
        try {
            pending.leaveOut();
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long, or until this controller stops: then true. */
    private boolean pause(Duration length) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = length.toNanos();
            while (left > 0 && !stopping) {
                left = changed.awaitNanos(left);
            }
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void forget() {
        try {
            transactions.run(() -> rows.forget(controller, clock.instant().minus(properties.kept())));
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Old notes to the other controllers could not be deleted; the next try is in half a minute", e);
        }
    }
}
