package io.postwatch.controller.home;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir
    private Path folder = Path.of("/");

    private record Said(int code, String text) {}

    @Test
    void aNewKeyComesFirstAndTheFileStaysWhatItWas() throws IOException {
        KekId before = open().current();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        Said said = run("add");

        assertThat(said.code()).isZero();
        assertThat(said.text()).contains("Back up this file now");
        assertThat(open().kept()).hasSize(2).element(1).isEqualTo(before);
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aFormerKeyIsTakenOutOnceAControllerHasSeenThatItWrapsNothing() throws IOException {
        KekId former = open().current();
        run("add");
        KekId next = open().kept().getFirst();

        assertThat(run("remove", former.hex()).text()).contains("No running controller has counted");
        tell(NOW, Map.of(next, 3L, former, 1L));
        assertThat(run("remove", former.hex()).text()).contains("still wraps 1");
        tell(NOW.minus(KeyCommand.FRESH).minusSeconds(1), Map.of(next, 4L, former, 0L));
        assertThat(run("remove", former.hex()).text()).contains("No running controller has counted");
        assertThat(open().kept()).containsExactly(next, former);

        tell(NOW.minus(Duration.ofMinutes(1)), Map.of(next, 4L, former, 0L));
        assertThat(run("remove", former.hex().substring(0, 8)).code()).isZero();
        assertThat(open().kept()).containsExactly(next);
    }

    @Test
    void theKeyToUseIsNeverTakenOut() throws IOException {
        KekId only = open().current();
        tell(NOW, Map.of(only, 0L));

        assertThat(run("remove", only.hex()))
                .isEqualTo(new Said(1, only.hex() + " is the key to use: only former keys are taken out.\n"));
    }

    @Test
    void theListSaysWhatEachWrapsAndWhatIsMissing() throws IOException {
        KekId only = open().current();
        KekId gone = new KekId("f".repeat(32));
        assertThat(run("list").text()).contains(only.hex() + "  not counted yet");

        tell(NOW, Map.of(only, 5L, gone, 2L));

        assertThat(run("list").text())
                .contains(only.hex() + "  wraps 5")
                .contains(gone.hex() + "  wraps 2, and is missing in this file")
                .contains(NOW.toString());
    }

    @Test
    void withoutAFileNothingIsMade() {
        assertThat(run("add")).satisfies(said -> {
            assertThat(said.code()).isEqualTo(1);
            assertThat(said.text()).contains("There is no key file " + file());
        });
        assertThat(file()).doesNotExist();
    }

    @Test
    void whatIsNotUnderstoodIsExplained() {
        open();

        assertThat(run("rotate").code()).isEqualTo(2);
        assertThat(run("rotate").text()).contains("keys add");
        assertThat(run("remove", "abc").text()).contains("No key");
    }

    private void tell(Instant at, Map<KekId, Long> wrapped) throws IOException {
        new KeyUse(at, new LinkedHashMap<>(wrapped)).write(new DataHome(folder));
    }

    private KekProvider open() {
        return FileKekProvider.open(file());
    }

    private Path file() {
        return folder.resolve("key-encryption-key");
    }

    private Said run(String... words) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(words));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int code = new KeyCommand(
                        Map.of("POSTWATCH_DATA_DIR", folder.toString()), new PrintStream(text, true, UTF_8), () -> NOW)
                .run(all);
        return new Said(code, text.toString(UTF_8));
    }
}
