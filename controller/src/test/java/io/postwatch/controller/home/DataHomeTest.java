package io.postwatch.controller.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataHomeTest {
    @TempDir
    private Path folder = Path.of("/");

    @Test
    void aNewFolderIsPassableButNotReadableForOthers() throws IOException {
        DataHome home = DataHome.open(folder.resolve("a/b"));

        assertThat(Files.getPosixFilePermissions(home.folder()))
                .isEqualTo(PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void aFileInItsPlaceIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> DataHome.open(file))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void theDefaultDependsOnTheUser() {
        assertThat(DataHome.configuredOrDefault(null, "root", Path.of("/root")))
                .isEqualTo(Path.of("/var/lib/postwatch"));
        assertThat(DataHome.configuredOrDefault(null, "ada", Path.of("/home/ada")))
                .isEqualTo(Path.of("/home/ada/.postwatch"));
        assertThat(DataHome.configuredOrDefault(Path.of("/data"), "root", Path.of("/root")))
                .isEqualTo(Path.of("/data"));
    }
}
