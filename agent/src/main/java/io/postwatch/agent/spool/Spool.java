package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.time.ControllerTime;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool: what is stored here has been told to the controller, will be, or is told as a gap.
 *
 * <p>One thread of its own owns the database. Callers hand it work and wait; what waits at the same moment is committed
 * together, so that the disk is asked to be sure once for many results. Every method may be called by any thread and
 * blocks for about one disk flush. When the disk refuses, results are counted, and their gap is stored as soon as
 * something can be stored again. That gap never says too little, and at most one result too many: where the process is killed
 * right after a refusal, what was refused last may be whole on the disk, and is found there by the next process.
 */
public final class Spool implements ResultSpool, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    /** Results that may wait for the disk before the runs that made them have to wait themselves. */
    private static final int WAITING = 10_000;

    /** Most work in one transaction. */
    private static final int GROUP = 1_000;

    private static final Duration TRIM_EVERY = Duration.ofSeconds(20);

    private interface Work {

        void in(SpoolDatabase database) throws SQLException;
    }

    private record Task(Work work, CompletableFuture<Void> done) {}

    private final SpoolFile file;
    private final ControllerTime clock;
    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;
    private volatile SpoolId id;
    private volatile long unacked;
    private volatile boolean closed;
    private volatile boolean stopped;

    /** All three are touched by the spool's thread alone, after the constructor. */
    private SpoolDatabase database;

    private long trimmedAt;

    /** The file is damaged and has not been replaced yet. */
    private boolean damaged;

    private final LostRowsFile lostFile;
    private final LostRows lost;
    private final DiskTrouble trouble;

    /**
     * Opens the spool in its folder; a damaged file is set aside and told as a gap.
     *
     * @param clock the time by which records age
     * @param ids names new numberings; never twice the same
     */
    public Spool(PrivateFolder folder, SpoolBounds bounds, ControllerTime clock, Supplier<UUID> ids)
            throws IOException, SQLException {
        this.file = new SpoolFile(folder, bounds, clock, ids);
        this.clock = clock;
        this.trouble = new DiskTrouble(clock);
        this.lostFile = new LostRowsFile(folder);
        LostRows.Lost before = lostFile.read().orElse(null);
        this.database = file.open(before == null ? 0 : before.ever());
        this.lost = new LostRows(lostFile, database.lostTold(), before);
        lostFile.reserve();
        this.id = database.id();
        this.unacked = database.unackedRows();
        this.trimmedAt = clock.millis();
        this.thread = Thread.ofPlatform().name("spool").daemon(true).start(this::work);
    }

    @Override
    public SpoolId id() {
        return id;
    }

    @Override
    public long unackedRows() {
        return unacked;
    }

    @Override
    public void store(RunRow row) {
        try {
            note("store a result, which will be told as a gap", database -> database.insert(row));
        } catch (CompletionException refused) {
            lost.add(row.scheduledAt());
        }
    }

    @Override
    public List<SpoolRecord> following(Lane lane, long sequence, int maxRecords, int maxBytes) {
        List<SpoolRecord> records = new ArrayList<>();
        try {
            await(database -> upTo(maxBytes, database.following(lane, sequence, maxRecords), records));
        } catch (CompletionException refused) {
            trouble.refused("number fresh results", refused);
            await(database -> upTo(maxBytes, database.reading().numbered(lane, sequence, maxRecords), records));
        }
        return records;
    }

    /** Ends before a hole in the numbers too. */
    private static void upTo(int maxBytes, List<SpoolRecord> found, List<SpoolRecord> records) {
        records.clear();
        int bytes = 0;
        for (SpoolRecord next : found) {
            bytes += next.size();
            if (!records.isEmpty()
                    && (bytes > maxBytes || next.sequence() != records.getLast().sequence() + 1)) {
                break;
            }
            records.add(next);
        }
    }

    @Override
    public void ack(Lane lane, long throughSequence) {
        note("note an ack", database -> database.ack(lane, throughSequence));
    }

    @Override
    public void unack(Lane lane, long afterSequence) {
        note("take back acks", database -> database.unack(lane, afterSequence));
    }

    @Override
    public long lastSequence(Lane lane) {
        long[] last = new long[1];
        await(database -> last[0] = database.reading().lastSequence(lane));
        return last[0];
    }

    @Override
    public void setAside(Lane lane, long sequence, String reason) {
        note("note a rejected record", database -> database.setAside(lane, sequence, reason));
    }

    @Override
    public Optional<Instant> newestScheduledAt(Instant upTo) {
        List<Instant> found = new ArrayList<>();
        Work look = database -> {
            found.clear();
            database.reading().newestScheduledAt(upTo).ifPresent(found::add);
        };
        try {
            await(look);
        } catch (CompletionException damaged) {
            try {
                await(look);
            } catch (CompletionException again) {
                trouble.refused("look for the newest result", again);
                found.clear();
            }
        }
        return found.stream().findFirst();
    }

    @Override
    public Optional<byte[]> certificate(Fingerprint fingerprint) {
        List<byte[]> found = new ArrayList<>();
        await(database -> {
            found.clear();
            database.certificate(fingerprint).ifPresent(found::add);
        });
        return found.stream().findFirst();
    }

    @Override
    public void startAnew() {
        note("begin a new numbering", SpoolDatabase::startAnew);
    }

    /** Commits what waits and closes the database. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(String what, Work work) {
        try {
            await(work);
            trouble.noted();
        } catch (CompletionException refused) {
            trouble.refused(what, refused);
            throw refused;
        }
    }

    private void await(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (closed) {
            throw new CompletionException(new IllegalStateException("the spool is closed"));
        }
        try {
            tasks.put(new Task(work, done));
            if (stopped) {
                done.completeExceptionally(new IllegalStateException("the spool is closed"));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
        }
        done.join();
    }

    private void work() {
        List<Task> group = new ArrayList<>();
        while (true) {
            group.clear();
            try {
                Task first = closed ? tasks.poll() : tasks.poll(TRIM_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    tasks.drainTo(group, GROUP - 1);
                }
            } catch (InterruptedException wakeUpToClose) {
                continue;
            }
            if (group.isEmpty() && closed) {
                break;
            }
            try {
                if (Math.abs(clock.millis() - trimmedAt) >= TRIM_EVERY.toMillis()) {
                    trimmedAt = clock.millis();
                    group.add(trim());
                }
                commit(group);
            } catch (RuntimeException | Error bug) {
                // Without this thread every run and the session would wait for ever, and the agent still look alive.
                LOG.error("The spool failed at something and goes on", bug);
                group.forEach(task -> task.done().completeExceptionally(bug));
            }
        }
        database.close();
        lostFile.close();
        stopped = true;
        for (Task late = tasks.poll(); late != null; late = tasks.poll()) {
            late.done().completeExceptionally(new IllegalStateException("the spool is closed"));
        }
    }

    private Task trim() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        done.exceptionally(refused -> {
            trouble.refused("forget what is old enough", refused);
            return null;
        });
        return new Task(SpoolDatabase::trim, done);
    }

    private void commit(List<Task> group) {
        LostRows.Lost told = lost.peek();
        try {
            runTogether(group, told);
            tell();
            group.forEach(task -> task.done().complete(null));
        } catch (SQLException | RuntimeException | Error refused) {
            if (group.size() > 1 && !SpoolFile.isDamage(refused)) {
                // One of them is at fault, or the disk is full: give each its own answer.
                group.forEach(task -> commit(List.of(task)));
            } else if (told != null && !SpoolFile.isDamage(refused)) {
                // The gap may be what is refused: a full disk must not keep what only reads from its answer.
                commitAlone(group);
            } else {
                fail(group, refused);
            }
        }
    }

    private void commitAlone(List<Task> group) {
        try {
            runTogether(group, null);
            tell();
            group.forEach(task -> task.done().complete(null));
        } catch (SQLException | RuntimeException | Error refused) {
            fail(group, refused);
        }
    }

    private void fail(List<Task> group, Throwable refused) {
        try {
            repairAfter(refused);
            tell();
        } finally {
            group.forEach(task -> task.done().completeExceptionally(refused));
        }
    }

    /** Before the callers go on: what they ask for next must know what they did. */
    private void tell() {
        unacked = database.unackedRows();
        id = database.id();
    }

    private void runTogether(List<Task> group, LostRows.@Nullable Lost told) throws SQLException {
        database.inTransaction(() -> {
            if (told != null) {
                database.insertGap(told.count(), told.first(), told.last(), GapReason.SPOOL_FULL);
                database.setLostTold(told.ever());
            }
            for (Task task : group) {
                task.work().in(database);
            }
        });
        if (told != null) {
            lost.remove(told);
        }
    }

    private void repairAfter(Throwable refused) {
        if (SpoolFile.isDamage(refused)) {
            LOG.error("The spool is damaged and set aside; the loss is told as a gap", refused);
            damaged = true;
        } else if (database.isOpen()) {
            return;
        }
        database.close();
        try {
            if (damaged) {
                LostRows.Lost toTell = lost.peek();
                file.replaceDamaged(lost.ever() - (toTell == null ? 0 : toTell.count()));
                damaged = false;
            }
            database = file.reopen();
        } catch (SQLException | IOException | RuntimeException | Error again) {
            damaged |= SpoolFile.isDamage(again);
            trouble.refused("begin anew, which is tried again with the next result", again);
        }
    }
}
