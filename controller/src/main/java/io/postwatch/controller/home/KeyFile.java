package io.postwatch.controller.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file of key-encryption keys that only its owner may read: a key in each line, the one to use first, former ones below.
 * It is replaced as a whole or not at all, and durably: what is wrapped by a key that a power cut took is lost.
 */
record KeyFile(Path path) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Makes the file with a new key where it is missing; when two starts race, both end up with the same key. */
    void makeIfMissing() throws IOException {
        if (Files.exists(path)) {
            return;
        }
        Files.createDirectories(folder());
        Path draft = draft(List.of(Kek.fresh()));
        try {
            Files.createLink(path, draft);
        } catch (FileAlreadyExistsException e) {
            // Another start was faster: its key is the one.
        } catch (UnsupportedOperationException e) {
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        forceNames(folder());
    }

    /** At least one, none twice. */
    List<Kek> read() throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, new LinkOption[0]);
        if (!OWNER_ONLY.containsAll(permissions) && !onlyGroupReadable(permissions)) {
            throw new StartupRefused("Others may read the key-encryption key " + path + ".", "Run: chmod 600 " + path);
        }
        List<Kek> keys = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            if (!line.isBlank()) {
                keys.add(Kek.of(line.strip()).orElseThrow(this::holdsSomethingElse));
            }
        }
        if (keys.isEmpty()) {
            throw holdsSomethingElse();
        }
        if (keys.stream().map(Kek::id).distinct().count() < keys.size()) {
            throw new StartupRefused(path + " holds a key-encryption key twice.", "Take one of the two lines out.");
        }
        return List.copyOf(keys);
    }

    private StartupRefused holdsSomethingElse() {
        return new StartupRefused(
                path + " holds no key-encryption key, or something besides.",
                "Restore the file from your backup of the key.");
    }

    /** Puts these in the place of what is there; the file stays its owner's. */
    void replace(List<Kek> keys) throws IOException {
        PosixFileAttributes before =
                Files.getFileAttributeView(path, PosixFileAttributeView.class).readAttributes();
        Path draft = draft(keys);
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
            PosixFileAttributes made = view.readAttributes();
            // Whoever runs the controller must be able to read it, also where root changes it.
            if (!made.owner().equals(before.owner())) {
                view.setOwner(before.owner());
            }
            if (!made.group().equals(before.group())) {
                view.setGroup(before.group());
            }
            view.setPermissions(before.permissions());
            Files.move(draft, path.toRealPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        forceNames(folder());
    }

    /** A rename is durable once the folder itself is. */
    private static void forceNames(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private Path draft(List<Kek> keys) throws IOException {
        Path draft = Files.createTempFile(folder(), ".key", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            String lines = keys.stream().map(key -> key.line() + "\n").collect(Collectors.joining());
            Files.writeString(draft, lines, StandardOpenOption.SYNC);
            return draft;
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    private Path folder() throws IOException {
        Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        return Objects.requireNonNull(file.getParent());
    }

    /** A mounted secret of an orchestrator belongs to root and a group of the process. */
    private static boolean onlyGroupReadable(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.fromString("rw-r-----").containsAll(permissions);
    }
}
