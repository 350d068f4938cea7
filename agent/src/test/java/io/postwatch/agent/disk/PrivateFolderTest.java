package io.postwatch.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {

    @TempDir
    Path home;

    @Test
    void onlyItsOwnUserReadsTheFolderAndItsFiles() throws IOException {
        PrivateFolder folder = PrivateFolder.open(home.resolve("a/state"));
        folder.replace("file", "secret".getBytes(StandardCharsets.US_ASCII));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("a/state"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path("file"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFolderThatOthersCouldReadIsClosedToThem() throws IOException {
        Path open = Files.createDirectory(home.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateFolder.open(open);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
                .isEqualTo("rwx------");
    }

    @Test
    void aCrashBetweenWritingAndRenamingLeavesTheOldContent() throws IOException {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        folder.replace("file", new byte[] {1});
        Files.write(folder.path("file.new"), new byte[] {2, 2});
        assertThat(folder.read("file"))
                .hasValueSatisfying(content -> assertThat(content).containsExactly(1));
        folder.replace("file", new byte[] {3});
        assertThat(folder.read("file"))
                .hasValueSatisfying(content -> assertThat(content).containsExactly(3));
    }

    @Test
    void oneHolderAtATime() throws IOException {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        try (PrivateFolder.Hold hold = folder.hold().orElseThrow()) {
            assertThat(folder.hold()).isEmpty();
            assertThat(hold).isNotNull();
        }
        try (PrivateFolder.Hold again = folder.hold().orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void leftoversGoAndTheRestStays() throws IOException {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        folder.replace("lib-1.so", new byte[] {1});
        folder.replace("keys", new byte[] {1});
        folder.deleteLeftovers("lib-");
        assertThat(folder.read("lib-1.so")).isEmpty();
        assertThat(folder.read("keys")).isPresent();
    }

    @Test
    void namesThatLeadOutOfTheFolderAreRefused() throws IOException {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        assertThatThrownBy(() -> folder.path("../other")).isInstanceOf(IllegalArgumentException.class);
    }
}
