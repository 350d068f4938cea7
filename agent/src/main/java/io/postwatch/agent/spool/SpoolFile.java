package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
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
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    SpoolFile(PrivateFolder folder, SpoolBounds bounds, InstantSource clock, Supplier<UUID> ids) {
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
        folder.prepare(FILE);
        try {
            return openChecked(folder.path(FILE));
        } catch (SQLException unusable) {
            if (!isDamage(unusable)) {
                throw unusable;
            }
            LOG.error("The spool is damaged and set aside; the loss is told as a gap: {}", unusable.getMessage());
            setAside();
            return openAfterDamage(lostEver);
        }
    }

    private SpoolDatabase openChecked(Path file) throws IOException, SQLException {
        SpoolDatabase database = new SpoolDatabase(file, bounds, clock, ids);
        try {
            if (Files.size(file) <= CHECKED_AT_START && !database.isSound()) {
                throw new SQLiteException("the spool's check found damage", SQLiteErrorCode.SQLITE_CORRUPT);
            }
            return database;
        } catch (IOException | SQLException | RuntimeException | Error unusable) {
            database.close();
            throw unusable;
        }
    }

    /**
     * A new spool whose first record tells that an older one was lost.
     *
     * @param lostTold how many refused results need not be told any more
     */
    SpoolDatabase openAfterDamage(long lostTold) throws SQLException, IOException {
        folder.prepare(FILE);
        SpoolDatabase database = new SpoolDatabase(folder.path(FILE), bounds, clock, ids);
        try {
            Instant last = clock.instant();
            database.inTransaction(() -> {
                database.insertGap(0, last.minus(bounds.age()), last, GapReason.SPOOL_DAMAGED);
                database.setLostTold(lostTold);
            });
            return database;
        } catch (SQLException | RuntimeException | Error failed) {
            database.close();
            throw failed;
        }
    }

    /** Keeps the damaged file where a person can look at it. */
    void setAside() throws IOException {
        String aside = FILE + ".damaged";
        if (Files.exists(folder.path(FILE))) {
            LOG.warn("The damaged spool stays as {} (seen at {})", folder.path(aside), clock.instant());
            Files.move(folder.path(FILE), folder.path(aside), StandardCopyOption.REPLACE_EXISTING);
        }
        folder.delete(FILE + "-wal");
        folder.delete(FILE + "-shm");
    }

    static boolean isDamage(Throwable refused) {
        return refused instanceof SQLiteException sqlite && DAMAGE.contains(sqlite.getResultCode());
    }
}
