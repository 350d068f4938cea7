package io.postwatch.agent.link;

import io.postwatch.agent.spool.MemorySpool;
import io.postwatch.agent.spool.SimulatedDisk;
import io.postwatch.simulation.machine.Crash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The disk of a host: the files of its agent, its spool in memory, and what goes wrong with the two. */
final class HostDisk implements SimulatedDisk {

    private final String name;
    private final Path folder;
    private MemorySpool.Contents contents;
    private MemorySpool.@Nullable Contents backup;
    private long backupNanos;
    private boolean everRestored;
    private long writes;
    private boolean full;
    private boolean everFull;
    private int crashesIn;
    private boolean crashesAfterWriting;

    /** One that is empty, or holds what was copied from another. */
    HostDisk(String name, Path folder, MemorySpool.Contents contents) {
        this.name = name;
        this.folder = folder;
        this.contents = contents;
    }

    /** As it is now, in another place. */
    HostDisk copy(String copyName, Path copyFolder) {
        try {
            Files.createDirectories(copyFolder);
            if (Files.exists(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        Files.copy(file, copyFolder.resolve(file.getFileName()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HostDisk copy = new HostDisk(copyName, copyFolder, contents.copy());
        copy.everFull = everFull;
        copy.everRestored = everRestored;
        return copy;
    }

    Path folder() {
        return folder;
    }

    MemorySpool.Contents contents() {
        return contents;
    }

    void full(boolean now) {
        full = now;
        everFull |= now;
    }

    boolean wasEverFull() {
        return everFull;
    }

    void backUp(long nanos) {
        backup = contents.copy();
        backupNanos = nanos;
    }

    boolean hasBackup() {
        return backup != null;
    }

    /** Goes back to the copy; answers when that was made. */
    long restore() {
        if (backup == null) {
            throw new IllegalStateException(name + " has no copy to go back to");
        }
        contents = backup.copy();
        everRestored = true;
        return backupNanos;
    }

    boolean wasEverRestored() {
        return everRestored;
    }

    /** The process will end with one of its next writes, before it or after it. */
    void crashSoon(int writesFromNow, boolean afterWriting) {
        crashesIn = writesFromNow;
        crashesAfterWriting = afterWriting;
    }

    long writes() {
        return writes;
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public void beforeCommit() {
        if (crashesIn > 0 && --crashesIn == 0 && !crashesAfterWriting) {
            throw new Crash(name + " before a write");
        }
    }

    @Override
    public void afterCommit() {
        writes++;
        if (crashesIn == 0 && crashesAfterWriting) {
            crashesAfterWriting = false;
            throw new Crash(name + " after a write");
        }
    }
}
