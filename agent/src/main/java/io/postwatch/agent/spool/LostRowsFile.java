package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The count of refused results in a few bytes that the disk gave beforehand, when it had some: a full disk takes what is
 * written in their place. So the count outlives the process that counted; a power cut may cost the last half minute of it.
 *
 * <p>Two places are written in turn, each with its checksum: one of them is whole at any moment. Safe for use by several
 * threads.
 */
final class LostRowsFile implements LostRows.Note, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LostRowsFile.class);
    private static final String FILE = "spool.lost";
    private static final int PLACES = 2;

    /** Each place is a block of its own on most disks. */
    private static final int PLACE = 4096;

    private static final int NUMBERS = 4 * Long.BYTES;

    private final PrivateFolder folder;
    private @Nullable FileChannel file;
    private boolean unwritable;

    LostRowsFile(PrivateFolder folder) {
        this.folder = folder;
    }

    /** What was written last; empty where nothing was, or nothing that can be read. */
    synchronized Optional<LostRows.Lost> read() {
        try {
            Optional<byte[]> bytes = folder.read(FILE);
            LostRows.Lost last = null;
            for (int place = 0; place < PLACES && bytes.isPresent(); place++) {
                LostRows.Lost found = read(bytes.get(), place);
                last = found == null || (last != null && last.ever() > found.ever()) ? last : found;
            }
            return Optional.ofNullable(last);
        } catch (IOException unreadable) {
            LOG.warn("What the disk refused before can't be read: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static LostRows.@Nullable Lost read(byte[] bytes, int place) {
        int from = place * PLACE;
        if (bytes.length < from + NUMBERS + Long.BYTES) {
            return null;
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes, from, NUMBERS + Long.BYTES);
        long ever = numbers.getLong();
        long count = numbers.getLong();
        long first = numbers.getLong();
        long last = numbers.getLong();
        boolean whole = numbers.getLong() == checksum(bytes, from);
        return whole && count > 0
                ? new LostRows.Lost(count, Instant.ofEpochMilli(first), Instant.ofEpochMilli(last), ever)
                : null;
    }

    /** Takes its bytes from the disk while it has some. Where it has none now, they are asked for with each count. */
    synchronized void reserve() {
        try {
            open();
        } catch (IOException refused) {
            LOG.warn("What the disk refuses can't be counted on it: {}", refused.getMessage());
        }
    }

    private FileChannel open() throws IOException {
        FileChannel there = file;
        if (there != null) {
            return there;
        }
        folder.prepare(FILE);
        FileChannel opened = FileChannel.open(folder.path(FILE), StandardOpenOption.WRITE);
        try {
            long size = Files.size(folder.path(FILE));
            if (size < PLACES * PLACE) {
                writeAll(opened, ByteBuffer.allocate(PLACES * PLACE - (int) size), size);
                opened.force(true);
            }
        } catch (IOException | RuntimeException | Error refused) {
            opened.close();
            throw refused;
        }
        file = opened;
        return opened;
    }

    @Override
    public synchronized void write(LostRows.Lost lost) {
        ByteBuffer numbers = ByteBuffer.allocate(NUMBERS + Long.BYTES)
                .putLong(lost.ever())
                .putLong(lost.count())
                .putLong(lost.first().toEpochMilli())
                .putLong(lost.last().toEpochMilli());
        numbers.putLong(checksum(numbers.array(), 0)).flip();
        try {
            writeAll(open(), numbers, lost.ever() % PLACES * PLACE);
            unwritable = false;
        } catch (IOException refused) {
            if (!unwritable) {
                LOG.warn("The disk refuses even the count of what it refused: {}", refused.getMessage());
            }
            unwritable = true;
        }
    }

    private static void writeAll(FileChannel into, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += into.write(bytes, position);
        }
    }

    private static long checksum(byte[] bytes, int from) {
        CRC32 sum = new CRC32();
        sum.update(bytes, from, NUMBERS);
        return sum.getValue();
    }

    /** What is counted later all the same is written, too. */
    @Override
    public synchronized void close() {
        FileChannel there = file;
        file = null;
        if (there != null) {
            try {
                there.close();
            } catch (IOException unclosable) {
                LOG.warn("The count of what the disk refused could not be closed: {}", unclosable.getMessage());
            }
        }
    }
}
