package io.postwatch.controller.database;

import io.postwatch.controller.home.StartupRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the controller's own jar. */
record PostgresSoftware(Path folder) {
    private static final String PREFIX = "software-";
    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> DATA = PosixFilePermissions.fromString("rw-r--r--");

    /** Unpacks where this version isn't there yet; versions before it are removed. The caller holds the folder's lock. */
    static PostgresSoftware unpack(Path parent) throws IOException {
        String resource = resourceFor(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        Path target = parent.resolve(PREFIX + version(resource));
        removeOthers(parent, target);
        if (!Files.isDirectory(target)) {
            Path draft = Files.createTempDirectory(
                    parent, PREFIX + "unpacking-", PosixFilePermissions.asFileAttribute(PROGRAM));
            Files.setPosixFilePermissions(draft, PROGRAM);
            unpack(resource, draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresSoftware(target);
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    static String resourceFor(String os, String architecture) {
        String cpu = switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> "";
        };
        if (!os.equals("Linux") || cpu.isEmpty()) {
            throw new StartupRefused(
                    "There is no embedded PostgreSQL for " + os + " on " + architecture + ".",
                    "Set POSTWATCH_DATABASE_URL, POSTWATCH_DATABASE_USERNAME and POSTWATCH_DATABASE_PASSWORD to a PostgreSQL 15 or newer.");
        }
        return "/postgres-linux-" + cpu + ".txz";
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = PostgresSoftware.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("This build carries no " + resource);
        }
        return new BufferedInputStream(stream, 1 << 16);
    }

    private static String version(String resource) throws IOException {
        try (DigestInputStream in = new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256", e);
        }
    }

    private static void removeOthers(Path parent, Path wanted) throws IOException {
        List<Path> others;
        try (Stream<Path> children = Files.list(parent)) {
            others = children.filter(child -> !child.equals(wanted)
                            && String.valueOf(child.getFileName()).startsWith(PREFIX))
                    .toList();
        }
        for (Path other : others) {
            FileSystemUtils.deleteRecursively(other);
        }
    }

    private static void unpack(String resource, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(open(resource)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("The archive " + resource + " leads out of its folder");
                }
                unpack(tar, entry, file);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            Files.setPosixFilePermissions(file, PROGRAM);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            Files.copy(tar, file);
            Files.setPosixFilePermissions(file, (entry.getMode() & 0100) == 0 ? DATA : PROGRAM);
        }
    }
}
