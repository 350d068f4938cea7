package io.postwatch.controller.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKekProviderTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] CONTEXT = {4};

    /** The key above under the key of all tests, as the release that knew one key only wrote it. */
    private static final String WRAPPED_BEFORE = "000102030405060708090a0b7d70fcabf5935e4a29f163df26cfc8423c4b2d";

    @TempDir
    private Path folder = Path.of("/");

    private Path file = Path.of("/");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("new/key-encryption-key");
    }

    @Test
    void theFirstStartMakesAFileForItsOwnerOnly() throws IOException {
        byte[] wrapped = wrap(FileKekProvider.open(file));

        assertThat(unwrap(FileKekProvider.open(file), wrapped)).isEqualTo(KEY);
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aKeyUnwrapsForItsPurposeOnly() {
        KekProvider kek = FileKekProvider.open(file);
        byte[] wrapped = wrap(kek);

        assertThatThrownBy(() -> kek.unwrap(kek.current(), wrapped, new byte[] {5}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherKeyUnwrapsNothing() {
        byte[] wrapped = wrap(FileKekProvider.open(file));
        KekProvider other = FileKekProvider.open(folder.resolve("other"));

        assertThatThrownBy(() -> unwrap(other, wrapped)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsDerivedDependsOnKeyAndPurpose() {
        KekProvider kek = FileKekProvider.open(file);

        assertThat(derive(kek, "a")).hasSize(24).isEqualTo(derive(FileKekProvider.open(file), "a"));
        assertThat(derive(kek, "a")).isNotEqualTo(derive(kek, "b"));
        assertThat(derive(kek, "a")).isNotEqualTo(derive(FileKekProvider.open(folder.resolve("other")), "a"));
    }

    @Test
    void theFileOfAReleaseBeforeWrapsAndDerivesAsThen() {
        KekProvider kek = TestKek.get();

        assertThat(kek.current().hex()).isEqualTo(HexFormat.of().formatHex(kek.derive(kek.current(), "key check", 16)));
        assertThat(kek.unwrap(kek.current(), HexFormat.of().parseHex(WRAPPED_BEFORE), CONTEXT))
                .isEqualTo(KEY);
    }

    @Test
    void aKeyThatIsAddedIsNoticedAndTheFormerOneStillUnwraps() {
        KekProvider kek = FileKekProvider.open(file);
        KekId before = kek.current();
        byte[] wrapped = wrap(kek);
        TestKek.command(file, "add");

        kek.refresh();

        assertThat(kek.kept()).hasSize(2).element(1).isEqualTo(before);
        assertThat(kek.current()).as("until all controllers have the new one").isEqualTo(before);
        kek.adopt(kek.kept().getFirst());
        assertThat(kek.unwrap(before, wrapped, CONTEXT)).isEqualTo(KEY);
        assertThatThrownBy(() -> unwrap(kek, wrapped)).as("by the new one").isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsTakenOutOfTheFileIsStillHeldUntilTheEnd() throws IOException {
        KekProvider kek = FileKekProvider.open(file);
        KekId before = kek.current();
        byte[] wrapped = wrap(kek);
        TestKek.command(file, "add");
        kek.refresh();
        Files.writeString(file, Files.readAllLines(file).getFirst() + "\n");

        kek.refresh();

        assertThat(kek.kept()).hasSize(1).doesNotContain(before);
        assertThat(kek.held()).contains(before);
        assertThat(kek.unwrap(before, wrapped, CONTEXT)).isEqualTo(KEY);
    }

    @Test
    void aFileThatCanNotBeReadAnyMoreChangesNothing() throws IOException {
        KekProvider kek = FileKekProvider.open(file);
        KekId before = kek.current();
        Files.writeString(file, "half a li");
        kek.refresh();
        Files.delete(file);
        kek.refresh();

        assertThat(kek.kept()).containsExactly(before);
        assertThat(file).as("is never made anew by one that runs").doesNotExist();
    }

    @Test
    void oneKeyTwiceIsRefused() throws IOException {
        FileKekProvider.open(file);
        Files.writeString(file, Files.readString(file) + Files.readString(file));

        assertThatThrownBy(() -> FileKekProvider.open(file))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("twice");
    }

    private static byte[] wrap(KekProvider kek) {
        return kek.wrap(kek.current(), KEY, CONTEXT);
    }

    private static byte[] unwrap(KekProvider kek, byte[] wrapped) {
        return kek.unwrap(kek.current(), wrapped, CONTEXT);
    }

    private static byte[] derive(KekProvider kek, String purpose) {
        return kek.derive(kek.current(), purpose, 24);
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
