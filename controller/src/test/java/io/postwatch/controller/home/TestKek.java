package io.postwatch.controller.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** The one key-encryption key of all tests of this JVM: the roles' passwords on its database server follow from it. */
public final class TestKek {
    private static final Path FILE = write();

    private TestKek() {}

    public static Path file() {
        return FILE;
    }

    public static KekProvider get() {
        return FileKekProvider.open(FILE);
    }

    private static Path write() {
        try {
            Path file = Files.createTempFile(
                    "postwatch-test-key",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    file,
                    "postwatch-kek-1:"
                            + Base64.getEncoder()
                                    .encodeToString("the key of all tests, 32 bytes.."
                                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
