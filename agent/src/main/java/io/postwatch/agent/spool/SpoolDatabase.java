package io.postwatch.agent.spool;

import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.time.ControllerTime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool's records. Used by one thread at a time; {@link Spool} sees to that.
 *
 * <p>A record is numbered when it is about to be sent for the first time, not when it is made: so dropping records that
 * were never sent leaves no hole in a sequence, and whether a record is live or back-fill is decided once, by its age at
 * that moment. Numbers are committed before the caller sees them.
 */
final class SpoolDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolDatabase.class);

    /**
     * Records that were acked under an earlier numbering are sent again, but take no room from others, like all that were
     * acked in the last ten minutes; and where they grow too old nobody is told, since the controller has them.
     */
    private static final String NEVER_ACKED = "was_acked = 0";

    /** What a row costs beside its payload, roughly: keys, times, index entries. */
    private static final int ROW_OVERHEAD = 100;

    /** A full spool drops at least this many at once, so that it doesn't drop with every result. */
    private static final int DROP_AT_ONCE = 200;

    private static final String UNNUMBERED = "lane IS NULL AND payload IS NOT NULL";

    private static final int KEPT_ASIDE = 1_000;

    private static final String BYTES = "coalesce(sum(CASE WHEN " + NEVER_ACKED
            + " THEN coalesce(length(payload), 0) + " + ROW_OVERHEAD + " ELSE 0 END), 0)";

    interface Body {

        void run() throws SQLException;
    }

    private final Connection connection;
    private final SpoolBounds bounds;
    private final ControllerTime clock;
    private final Supplier<UUID> ids;
    private final SpoolStatements statements;
    private final SpoolReading reading;
    private final KeptCertificates certificates;
    private long lostTold;
    private SpoolId id;
    private long unackedRows;
    private long unackedBytes;

    SpoolDatabase(Path file, SpoolBounds bounds, ControllerTime clock, Supplier<UUID> ids) throws SQLException {
        this.bounds = bounds;
        this.clock = clock;
        this.ids = ids;
        this.connection = SpoolFileFormat.open(file);
        this.statements = new SpoolStatements(connection);
        this.certificates = new KeptCertificates(statements, clock, bounds.certificates());
        try {
            this.reading = new SpoolReading(statements);
            this.id = loadId();
            this.lostTold = reading.lostTold();
            count();
            connection.commit();
        } catch (SQLException | RuntimeException | Error unusable) {
            connection.close();
            throw unusable;
        }
    }

    /** Whether a check of the whole file finds nothing. */
    boolean isSound() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            return rows.next() && "ok".equals(rows.getString(1));
        } finally {
            connection.rollback();
        }
    }

    private SpoolId loadId() throws SQLException {
        try (ResultSet rows = statements.with("SELECT id FROM spool").executeQuery()) {
            if (rows.next()) {
                ByteBuffer bytes = ByteBuffer.wrap(rows.getBytes(1));
                return new SpoolId(new UUID(bytes.getLong(), bytes.getLong()));
            }
        }
        SpoolId fresh = new SpoolId(ids.get());
        statements.update("INSERT INTO spool (id) VALUES (?)", (Object) fresh.bytes());
        for (Lane lane : Lane.values()) {
            statements.update("INSERT INTO lane (lane, last_sequence, acked_through) VALUES (?, 0, 0)", lane.number());
        }
        return fresh;
    }

    private void count() throws SQLException {
        try (ResultSet rows = statements
                .with("SELECT count(*), " + BYTES + " FROM record WHERE acked_at IS NULL")
                .executeQuery()) {
            rows.next();
            unackedRows = rows.getLong(1);
            unackedBytes = rows.getLong(2);
        }
    }

    SpoolId id() {
        return id;
    }

    /** How many of the results that the disk refused were told ever. */
    long lostTold() {
        return lostTold;
    }

    /** What it holds. To be asked in a transaction: one that isn't ended sees no news. */
    SpoolReading reading() {
        return reading;
    }

    long unackedRows() {
        return unackedRows;
    }

    /** Runs the body and commits, or leaves everything as it was. */
    void inTransaction(Body body) throws SQLException {
        SpoolId idBefore = id;
        long rowsBefore = unackedRows;
        long bytesBefore = unackedBytes;
        try {
            body.run();
            connection.commit();
        } catch (SQLException | RuntimeException | Error refused) {
            id = idBefore;
            unackedRows = rowsBefore;
            unackedBytes = bytesBefore;
            certificates.forgetKnown();
            rollBack(refused);
            throw refused;
        }
    }

    /**
     * Takes back what was begun, and makes the connection fit for the next transaction. Where a disk is full SQLite has rolled
     * back by itself: its driver takes that for an error, and would go on without a transaction. A statement that met a full or
     * read-only disk is closed by the driver, and would refuse for ever.
     */
    private void rollBack(Throwable refused) {
        try {
            connection.rollback();
        } catch (SQLException overAlready) {
            refused.addSuppressed(overAlready);
            begin(refused);
        }
        statements.forget();
    }

    private void begin(Throwable refused) {
        try (Statement begin = connection.createStatement()) {
            begin.execute("BEGIN");
        } catch (SQLException stuck) {
            refused.addSuppressed(stuck);
            close();
        }
    }

    void insert(RunRow row) throws SQLException {
        for (CapturedCertificate certificate : row.certificates()) {
            certificates.keep(certificate);
        }
        statements.update(
                "INSERT INTO record (made_at, scheduled_at, ok, payload) VALUES (?, ?, ?, ?)",
                clock.millis(),
                row.scheduledAt().toEpochMilli(),
                row.ok() ? 1 : 0,
                row.payload());
        unackedRows++;
        unackedBytes += row.payload().length + ROW_OVERHEAD;
        if (unackedBytes > bounds.bytes()) {
            makeRoom();
        }
    }

    /** Joins the oldest gap record that waits for its number, or makes one. */
    void insertGap(long count, Instant first, Instant last, GapReason reason) throws SQLException {
        int joined = statements.update(
                "UPDATE record SET gap_count = gap_count + ?, scheduled_at = min(scheduled_at, ?),"
                        + " gap_last = max(gap_last, ?) WHERE id ="
                        + " (SELECT min(id) FROM record WHERE lane IS NULL AND gap_reason = ?)",
                count,
                first.toEpochMilli(),
                last.toEpochMilli(),
                reason.number());
        if (joined == 0) {
            statements.update(
                    "INSERT INTO record (made_at, scheduled_at, ok, gap_count, gap_last, gap_reason)"
                            + " VALUES (?, ?, 0, ?, ?, ?)",
                    clock.millis(),
                    first.toEpochMilli(),
                    count,
                    last.toEpochMilli(),
                    reason.number());
            unackedRows++;
            unackedBytes += ROW_OVERHEAD;
        }
    }

    List<SpoolRecord> following(Lane lane, long sequence, int max) throws SQLException {
        List<SpoolRecord> records = reading.numbered(lane, sequence, max);
        if (records.size() < max && number(lane, max - records.size()) > 0) {
            return reading.numbered(lane, sequence, max);
        }
        return records;
    }

    private int number(Lane lane, int max) throws SQLException {
        long liveSince = clock.millis() - bounds.liveAge().toMillis();
        String which = switch (lane) {
            case LIVE -> "made_at >= ?";
            case BACK_FILL -> "made_at < ?";
        };
        PreparedStatement query = statements.with(
                "SELECT id FROM record WHERE lane IS NULL AND " + which + " ORDER BY made_at, id LIMIT ?",
                liveSince,
                max);
        List<Long> fresh = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                fresh.add(rows.getLong(1));
            }
        }
        if (fresh.isEmpty()) {
            return 0;
        }
        long sequence = reading.lastSequence(lane);
        for (long record : fresh) {
            sequence++;
            statements.update("UPDATE record SET lane = ?, sequence = ? WHERE id = ?", lane.number(), sequence, record);
        }
        statements.update("UPDATE lane SET last_sequence = ? WHERE lane = ?", sequence, lane.number());
        return fresh.size();
    }

    void ack(Lane lane, long through) throws SQLException {
        PreparedStatement query = statements.with(
                "SELECT count(*), " + BYTES + " FROM record WHERE lane = ? AND sequence <= ?"
                        + " AND sequence > (SELECT acked_through FROM lane WHERE lane = ?)",
                lane.number(),
                through,
                lane.number());
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            unackedRows -= rows.getLong(1);
            unackedBytes -= rows.getLong(2);
        }
        statements.update(
                "UPDATE record SET acked_at = ? WHERE lane = ? AND sequence <= ?"
                        + " AND sequence > (SELECT acked_through FROM lane WHERE lane = ?)",
                clock.millis(),
                lane.number(),
                through,
                lane.number());
        statements.update(
                "UPDATE lane SET acked_through = max(acked_through, min(?, last_sequence)) WHERE lane = ?",
                through,
                lane.number());
    }

    /** What was acked beyond this sequence is not acked any more, and so isn't trimmed before it is acked again. */
    void unack(Lane lane, long after) throws SQLException {
        int lowered = statements.update(
                "UPDATE lane SET acked_through = ? WHERE lane = ? AND acked_through > ?", after, lane.number(), after);
        if (lowered == 0) {
            return;
        }
        statements.update("UPDATE record SET acked_at = NULL WHERE lane = ? AND sequence > ?", lane.number(), after);
        count();
    }

    void setAside(Lane lane, long sequence, String reason) throws SQLException {
        statements.update(
                "INSERT INTO set_aside (lane, sequence, reason, at) VALUES (?, ?, ?, ?)",
                lane.number(),
                sequence,
                reason,
                clock.millis());
        statements.update("DELETE FROM set_aside WHERE rowid <= (SELECT max(rowid) FROM set_aside) - ?", KEPT_ASIDE);
    }

    /**
     * All there is gets new numbers under a new id, and is to be acked again: by its old numbers nobody could ask for what a
     * database loses later. A gap that was acked is not told twice, since only its number says that it is the same.
     */
    void startAnew() throws SQLException {
        statements.update("DELETE FROM record WHERE acked_at IS NOT NULL AND payload IS NULL");
        statements.update("UPDATE record SET lane = NULL, sequence = NULL, acked_at = NULL,"
                + " was_acked = max(was_acked, acked_at IS NOT NULL)");
        statements.update("UPDATE lane SET last_sequence = 0, acked_through = 0");
        SpoolId fresh = new SpoolId(ids.get());
        statements.update("UPDATE spool SET id = ?", (Object) fresh.bytes());
        id = fresh;
        count();
    }

    /** Drops what is older than the bounds say; by a time that no controller has confirmed nothing. */
    void trim() throws SQLException {
        if (!clock.isConfirmed()) {
            return;
        }
        long now = clock.millis();
        statements.update(
                "DELETE FROM record WHERE acked_at < ?", now - bounds.ackedAge().toMillis());
        String tooOld = UNNUMBERED + " AND made_at < " + (now - bounds.age().toMillis());
        drop(tooOld + " AND " + NEVER_ACKED, Integer.MAX_VALUE, GapReason.TOO_OLD);
        unackedRows -= delete(tooOld);
    }

    private void makeRoom() throws SQLException {
        drop(UNNUMBERED + " AND " + NEVER_ACKED + " AND ok = 1", DROP_AT_ONCE, GapReason.SPOOL_FULL);
        if (unackedBytes > bounds.bytes()) {
            drop(UNNUMBERED + " AND " + NEVER_ACKED, DROP_AT_ONCE, GapReason.SPOOL_FULL);
        }
    }

    private void drop(String which, int max, GapReason reason) throws SQLException {
        String dropped = "SELECT id FROM record WHERE " + which + " ORDER BY made_at, id LIMIT " + max;
        long count;
        long bytes;
        Instant first;
        Instant last;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*), min(scheduled_at), max(scheduled_at), "
                        + BYTES + " FROM record WHERE id IN (" + dropped + ")")) {
            rows.next();
            count = rows.getLong(1);
            bytes = rows.getLong(4);
            first = Instant.ofEpochMilli(rows.getLong(2));
            last = Instant.ofEpochMilli(rows.getLong(3));
        }
        if (count == 0) {
            return;
        }
        delete("id IN (" + dropped + ")");
        unackedRows -= count;
        unackedBytes -= bytes;
        insertGap(count, first, last, reason);
        LOG.warn("The spool dropped {} results ({}): they are told as a gap", count, reason);
    }

    private int delete(String which) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("DELETE FROM record WHERE " + which);
        }
    }

    void setLostTold(long ever) throws SQLException {
        lostTold = ever;
        statements.update("UPDATE spool SET lost_told = ?", ever);
    }

    Optional<byte[]> certificate(Fingerprint fingerprint) throws SQLException {
        return certificates.find(fingerprint);
    }

    boolean isOpen() {
        try {
            return !connection.isClosed();
        } catch (SQLException unknown) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException unclosable) {
            LOG.warn("The spool's file could not be closed: {}", unclosable.getMessage());
        }
    }
}
