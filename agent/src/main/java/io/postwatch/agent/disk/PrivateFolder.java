package io.postwatch.agent.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A folder with mode 0700 whose files have mode 0600.
 *
 * <p>{@link #replace} survives a crash at any moment: a reader finds the old content or the new one, never a part. One
 * process at a time holds the folder, see {@link #hold}. Safe for use by several threads as long as each file name has
 * one writer.
 */
public final class PrivateFolder {

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /** Creates the folder where it is missing and takes the rights of everybody else away where it is not. */
    public static PrivateFolder open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(FOLDER));
        }
        if (!Files.getPosixFilePermissions(path).equals(FOLDER)) {
            Files.setPosixFilePermissions(path, FOLDER);
        }
        return new PrivateFolder(path.toRealPath());
    }

    /** The path of a file in this folder, whether it exists or not. */
    public Path path(String name) {
        Path file = path.resolve(name);
        if (!path.equals(file.getParent())) {
            throw new IllegalArgumentException("not the name of a file in the state folder: " + name);
        }
        return file;
    }

    public Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path(name)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Gives the file this content, durably, before it returns. */
    public void replace(String name, byte[] content) throws IOException {
        Path fresh = path(name + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel file = FileChannel.open(
                fresh,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            file.force(true);
        }
        move(name + ".new", name);
    }

    /** Gives a file another name, durably, also where there is a file of that name. */
    public void move(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceNames();
    }

    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
        forceNames();
    }

    /** Deletes what a killed process left behind: all files whose names begin like this. */
    public void deleteLeftovers(String prefix) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, prefix + "*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Makes an empty file with mode 0600 for a library that would create it with wider rights. */
    public void prepare(String name) throws IOException {
        if (!Files.exists(path(name))) {
            Files.createFile(path(name), PosixFilePermissions.asFileAttribute(FILE));
        }
    }

    /**
     * Holds the folder until the hold is closed or the process ends, however it ends.
     *
     * @return empty when another process holds it
     */
    public Optional<Hold> hold() throws IOException {
        prepare("lock");
        FileChannel file = FileChannel.open(path("lock"), StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return Optional.of(new Hold(file));
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            file.close();
            return Optional.empty();
        }
        file.close();
        return Optional.empty();
    }

    /** A rename is durable once the folder itself is. */
    private void forceNames() throws IOException {
        try (FileChannel names = FileChannel.open(path, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** The exclusive right to use the folder. */
    public static final class Hold implements AutoCloseable {

        private final FileChannel file;

        private Hold(FileChannel file) {
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
