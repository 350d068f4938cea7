package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Where the spool's database lies, and how it begins: sound, or anew after damage, with a gap that tells the loss. */
final class SpoolFile {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFile.class);
    private static final String FILE = "spool.db";

    /** The one that is to take a damaged one's place. */
    private static final String FRESH = FILE + ".new";

    private static final String ASIDE = FILE + ".damaged";
    private static final List<String> BESIDE = List.of("-wal", "-shm", "-journal");

    /** Above this size a full check at start would keep the agent waiting; damage then shows when it is met. */
    private static final long CHECKED_AT_START = 64L * 1024 * 1024;

    private static final Set<SQLiteErrorCode> DAMAGE = EnumSet.of(
            SQLiteErrorCode.SQLITE_CORRUPT,
            SQLiteErrorCode.SQLITE_CORRUPT_INDEX,
            SQLiteErrorCode.SQLITE_CORRUPT_SEQUENCE,
            SQLiteErrorCode.SQLITE_CORRUPT_VTAB,
            SQLiteErrorCode.SQLITE_NOTADB);

    private final PrivateFolder folder;
    private final SpoolBounds bounds;
    private final ControllerTime clock;
    private final Supplier<UUID> ids;

    SpoolFile(PrivateFolder folder, SpoolBounds bounds, ControllerTime clock, Supplier<UUID> ids) {
        this.folder = folder;
        this.bounds = bounds;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Opens it.
     *
     * @param lostEver how many results the disk refused ever: with a damaged file it is lost how many of them were told
     */
    SpoolDatabase open(long lostEver) throws IOException, SQLException {
        finishReplacement();
        folder.prepare(FILE);
        try {
            return openChecked(folder.path(FILE));
        } catch (SQLException unusable) {
            if (!isDamage(unusable)) {
                throw unusable;
            }
            LOG.error("The spool is damaged and set aside; the loss is told as a gap: {}", unusable.getMessage());
            replaceDamaged(lostEver);
            return reopen();
        }
    }

    private SpoolDatabase openChecked(Path file) throws IOException, SQLException {
        SpoolDatabase database = new SpoolDatabase(file, bounds, clock, ids);
        try {
            if (Files.size(file) <= CHECKED_AT_START && !database.isSound()) {
                throw new SQLiteException("the spool's check found damage", SQLiteErrorCode.SQLITE_CORRUPT);
            }
            requireWritable(database);
            return database;
        } catch (IOException | SQLException | RuntimeException | Error unusable) {
            database.close();
            throw unusable;
        }
    }

    /**
     * Throws where the file can be read and not written: SQLite has then opened it to be read, and would refuse every result
     * until it is opened again. A disk that is full now may take something later.
     */
    private static void requireWritable(SpoolDatabase database) throws SQLException {
        try {
            database.inTransaction(() -> database.setLostTold(database.lostTold()));
        } catch (SQLiteException refused) {
            if (isDamage(refused) || isReadOnly(refused)) {
                throw refused;
            }
            LOG.warn("The spool can't be written at this moment: {}", refused.getMessage());
        }
    }

    /** Of SQLite's codes the last byte says what, and the others say where. */
    private static boolean isReadOnly(SQLiteException refused) {
        return (refused.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_READONLY.code;
    }

    /**
     * Keeps the damaged file where a person can look at it, and begins a new spool whose first record tells that an older one
     * was lost. The new one is whole on disk before it takes the place: after a crash at any moment, or where the disk is full,
     * the next call, or the next start, finds the damaged file in its place, or the new one whole.
     *
     * @param lostTold how many refused results need not be told any more
     */
    void replaceDamaged(long lostTold) throws SQLException, IOException {
        if (!finishReplacement()) {
            make(lostTold);
            LOG.warn("The damaged spool stays as {} (seen at {})", folder.path(ASIDE), clock.instant());
            if (Files.exists(folder.path(FILE))) {
                folder.move(FILE, ASIDE);
            }
            finishReplacement();
        }
    }

    SpoolDatabase reopen() throws SQLException {
        return new SpoolDatabase(folder.path(FILE), bounds, clock, ids);
    }

    private void make(long lostTold) throws SQLException, IOException {
        deleteBeside(FRESH);
        folder.delete(FRESH);
        folder.prepare(FRESH);
        try (SpoolDatabase database = new SpoolDatabase(folder.path(FRESH), bounds, clock, ids)) {
            Instant last = clock.instant();
            database.inTransaction(() -> {
                database.insertGap(0, last.minus(bounds.age()), last, GapReason.SPOOL_DAMAGED);
                database.setLostTold(lostTold);
            });
        }
        if (Files.exists(folder.path(FRESH + BESIDE.getFirst()))) {
            throw new IOException("the new spool could not be closed");
        }
    }

    /** Whether there was a new one, whole, that only had to take its place. */
    private boolean finishReplacement() throws IOException {
        if (Files.exists(folder.path(FILE)) || !Files.exists(folder.path(FRESH))) {
            return false;
        }
        // They are of the damaged one.
        deleteBeside(FILE);
        folder.move(FRESH, FILE);
        return true;
    }

    private void deleteBeside(String database) throws IOException {
        for (String beside : BESIDE) {
            folder.delete(database + beside);
        }
    }

    static boolean isDamage(Throwable refused) {
        return refused instanceof SQLiteException sqlite && DAMAGE.contains(sqlite.getResultCode());
    }
}
