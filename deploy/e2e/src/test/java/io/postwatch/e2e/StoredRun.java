package io.postwatch.e2e;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A run as the database has it.
 *
 * @param transaction by which it was written; each has a higher number than those that had written before it began to
 * @param greeting of the server; empty where there was none
 */
record StoredRun(UUID run, RunKey key, boolean triggered, long transaction, String greeting) {
    private static final String ALL = "SELECT run_id || '|' || series || '|' || "
            + ControllerDatabase.utc("scheduled_at")
            + " || '|' || triggered || '|' || xmin || '|' || greeting FROM postwatch.result";

    static List<StoredRun> all(ControllerDatabase database) {
        return database.strings(ALL).stream()
                .map(row -> row.split("\\|", 6))
                .map(row -> new StoredRun(
                        UUID.fromString(row[0]),
                        new RunKey(Long.parseLong(row[1]), Instant.parse(row[2])),
                        Boolean.parseBoolean(row[3]),
                        Long.parseLong(row[4]),
                        row[5]))
                .toList();
    }
}
