package io.postwatch.controller.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The one key-encryption key of all tests of this JVM: the roles' passwords on its database server follow from it. */
public final class TestKek {
    private static final Path FILE = write();
    private static final KekProvider KEK = FileKekProvider.open(FILE);

    private TestKek() {}

    public static Path file() {
        return FILE;
    }

    public static KekProvider get() {
        return KEK;
    }

    /** The keys of a file, as a controller of its own reads them; a file that is missing is made. */
    public static KekProvider open(Path file) {
        return FileKekProvider.open(file);
    }

    /** A file of its own with the key of all tests. */
    public static Path copyTo(Path folder) {
        return copy(FILE, folder.resolve("key-encryption-key"));
    }

    /** As a person copies the file to another controller. */
    public static Path copy(Path from, Path to) {
        try {
            Files.deleteIfExists(to);
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a person runs it. */
    public static void command(Path file, String... words) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(words));
        all.add("--postwatch.home.key-file=" + file);
        all.add("--postwatch.home.data-dir=" + file.getParent());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = new KeyCommand(Map.of(), new PrintStream(said, true, UTF_8), InstantSource.system()).run(all);
        if (code != 0) {
            throw new IllegalStateException(said.toString(UTF_8));
        }
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
