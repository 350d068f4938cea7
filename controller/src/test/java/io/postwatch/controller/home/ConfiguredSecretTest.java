package io.postwatch.controller.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredSecretTest {
    @TempDir
    private Path folder = Path.of("/");

    @Test
    void aValueIsTaken() {
        assertThat(ConfiguredSecret.read("X", " as it is ", Path.of(""))).hasValue(" as it is ");
    }

    @Test
    void aFileIsTakenWithoutItsLastLineBreak() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "from a file \n");

        assertThat(ConfiguredSecret.read("X", "", file)).hasValue("from a file ");
    }

    @Test
    void neitherIsNone() {
        assertThat(ConfiguredSecret.read("X", null, null)).isEmpty();
    }

    @Test
    void bothAreAMistake() {
        assertThatThrownBy(() -> ConfiguredSecret.read("X", "a", folder.resolve("b")))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("X is given both");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ConfiguredSecret.read("X", null, folder.resolve("gone")))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("gone");
    }
}
