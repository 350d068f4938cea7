package io.postwatch.controller.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The controller's own folder. Others may pass through it, since the database of a root user runs as somebody else, but not list it. */
public record DataHome(Path folder) {
    /** Makes the folder where it is missing. */
    public static DataHome open(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute);
                Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx--x--x"));
            }
        } catch (IOException e) {
            throw new StartupRefused(
                    "The data folder " + absolute + " can't be made.",
                    "Set POSTWATCH_DATA_DIR to a folder that the user who runs the controller may write to.",
                    e);
        }
        if (!Files.isWritable(absolute)) {
            throw new StartupRefused(
                    "The data folder " + absolute + " can't be written to.",
                    "Set POSTWATCH_DATA_DIR to a folder that the user who runs the controller may write to.");
        }
        return new DataHome(absolute);
    }

    static Path configuredOrDefault(@Nullable Path configured, String user, Path userHome) {
        if (configured != null) {
            return configured;
        }
        return user.equals("root") ? Path.of("/var/lib/postwatch") : userHome.resolve(".postwatch");
    }

    /** Where the key-encryption keys are, unless they are kept elsewhere. */
    static Path keyFile(Path folder) {
        return folder.resolve("key-encryption-key");
    }

    public Path resolve(String name) {
        return folder.resolve(name);
    }
}
