package io.postwatch.agent.spool;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a spool's file holds; changes nothing. Used by one thread at a time. */
final class SpoolReading {

    /** A minute of as many results as an agent can make. */
    private static final int STORED_LAST = 20_000;

    /** Later moments don't count in milliseconds. */
    private static final Instant FAR = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final SpoolStatements statements;

    /** The last record of an earlier process. */
    private final long earlier;

    SpoolReading(SpoolStatements statements) throws SQLException {
        this.statements = statements;
        try (ResultSet rows =
                statements.with("SELECT coalesce(max(id), 0) FROM record").executeQuery()) {
            rows.next();
            this.earlier = rows.getLong(1);
        }
    }

    /** How many of the results that the disk refused were told ever. */
    long lostTold() throws SQLException {
        try (ResultSet rows = statements.with("SELECT lost_told FROM spool").executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    Optional<Instant> newestScheduledAt(Instant upTo) throws SQLException {
        long bound = upTo.isBefore(FAR) ? upTo.toEpochMilli() : Long.MAX_VALUE;
        try (ResultSet rows = statements
                .with(
                        "SELECT max(scheduled_at) FROM (SELECT scheduled_at FROM record WHERE payload IS NOT NULL"
                                + " AND id <= ? ORDER BY id DESC LIMIT ?) WHERE scheduled_at <= ?",
                        earlier,
                        STORED_LAST,
                        bound)
                .executeQuery()) {
            rows.next();
            long newest = rows.getLong(1);
            return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest));
        }
    }

    long lastSequence(Lane lane) throws SQLException {
        PreparedStatement query = statements.with("SELECT last_sequence FROM lane WHERE lane = ?", lane.number());
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Those that have their numbers already. */
    List<SpoolRecord> numbered(Lane lane, long after, int max) throws SQLException {
        PreparedStatement query = statements.with(
                "SELECT sequence, payload, gap_count, scheduled_at, gap_last, gap_reason"
                        + " FROM record WHERE lane = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                lane.number(),
                after,
                max);
        List<SpoolRecord> records = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                long sequence = rows.getLong(1);
                byte[] payload = rows.getBytes(2);
                records.add(
                        payload != null
                                ? new SpoolRecord.Run(sequence, payload)
                                : new SpoolRecord.Gap(
                                        sequence,
                                        rows.getLong(3),
                                        Instant.ofEpochMilli(rows.getLong(4)),
                                        Instant.ofEpochMilli(rows.getLong(5)),
                                        GapReason.of(rows.getInt(6))));
            }
        }
        return records;
    }
}
