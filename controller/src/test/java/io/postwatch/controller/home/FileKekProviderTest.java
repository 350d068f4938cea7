package io.postwatch.controller.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKekProviderTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] CONTEXT = {4};

    @TempDir
    private Path folder = Path.of("/");

    private Path file = Path.of("/");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("new/key-encryption-key");
    }

    @Test
    void theFirstStartMakesAFileForItsOwnerOnly() throws IOException {
        byte[] wrapped = FileKekProvider.open(file).wrap(KEY, CONTEXT);

        assertThat(FileKekProvider.open(file).unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aKeyUnwrapsForItsPurposeOnly() {
        KekProvider kek = FileKekProvider.open(file);
        byte[] wrapped = kek.wrap(KEY, CONTEXT);

        assertThatThrownBy(() -> kek.unwrap(wrapped, new byte[] {5})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherKeyUnwrapsNothing() {
        byte[] wrapped = FileKekProvider.open(file).wrap(KEY, CONTEXT);
        KekProvider other = FileKekProvider.open(folder.resolve("other"));

        assertThatThrownBy(() -> other.unwrap(wrapped, CONTEXT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsDerivedDependsOnKeyAndPurpose() {
        KekProvider kek = FileKekProvider.open(file);

        assertThat(kek.derive("a", 24))
                .hasSize(24)
                .isEqualTo(FileKekProvider.open(file).derive("a", 24));
        assertThat(kek.derive("a", 24)).isNotEqualTo(kek.derive("b", 24));
        assertThat(kek.derive("a", 24))
                .isNotEqualTo(FileKekProvider.open(folder.resolve("other")).derive("a", 24));
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        FileKekProvider.open(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> FileKekProvider.open(file))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("Others may read");
    }

    @Test
    void aFileThatHoldsSomethingElseIsNeverOverwritten() throws IOException {
        FileKekProvider.open(file);
        Files.writeString(file, "something else");

        assertThatThrownBy(() -> FileKekProvider.open(file))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("holds no key-encryption key");
        assertThat(file).hasContent("something else");
    }
}
