package io.postwatch.agent.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignmentStoreTest {

    @TempDir
    Path home;

    private static final Duration MAX_AGE = Duration.ofDays(2);

    private PrivateFolder folder;
    private boolean suspect;
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @BeforeEach
    void open() throws IOException {
        folder = PrivateFolder.open(home.resolve("state"));
    }

    @Test
    void whatWasSavedIsLoadedAndNotReadableByItself() throws IOException {
        store(1).save(DesiredState.of(1234, List.of()));
        assertThat(store(1).load().revision()).isEqualTo(1234);
        assertThat(new String(Files.readAllBytes(folder.path("assignments")), StandardCharsets.ISO_8859_1))
                .doesNotContain("1234");
    }

    @Test
    void aMissingForeignOrChangedFileIsAsGoodAsNone() throws IOException {
        assertThat(store(1).load()).isEqualTo(DesiredState.NONE);
        store(1).save(DesiredState.of(7, List.of()));
        assertThat(store(2).load()).isEqualTo(DesiredState.NONE);
        byte[] file = Files.readAllBytes(folder.path("assignments"));
        file[file.length - 1] ^= 1;
        Files.write(folder.path("assignments"), file);
        assertThat(store(1).load()).isEqualTo(DesiredState.NONE);
        Files.write(folder.path("assignments"), new byte[0]);
        assertThat(store(1).load()).isEqualTo(DesiredState.NONE);
    }

    @Test
    void aCopyThatNoControllerStoodBehindForTooLongIsAsGoodAsNone() throws IOException {
        store(1).save(DesiredState.of(7, List.of()));
        now = now.plus(MAX_AGE);
        assertThat(store(1).load().revision()).isEqualTo(7);
        now = now.plusSeconds(1);
        assertThat(store(1).load()).isEqualTo(DesiredState.NONE);
    }

    @Test
    void aClockThatIsSuspectMakesNoCopyOld() throws IOException {
        store(1).save(DesiredState.of(7, List.of()));
        now = now.plus(MAX_AGE).plusSeconds(1);
        suspect = true;
        assertThat(store(1).load().revision()).isEqualTo(7);
        suspect = false;
        assertThat(store(1).load()).isEqualTo(DesiredState.NONE);
    }

    @Test
    void aStateThatTheControllerStandsBehindDoesNotGrowOld() throws IOException {
        store(1).save(DesiredState.of(7, List.of()));
        AssignmentStore store = store(1);
        DesiredState state = store.load();
        for (int hour = 0; hour < 100; hour++) {
            now = now.plus(Duration.ofMinutes(61));
            store.confirm(state);
        }
        assertThat(store(1).load().revision()).isEqualTo(7);
    }

    @Test
    void aConfirmedCopyIsNotWrittenEachTime() throws IOException {
        AssignmentStore store = store(1);
        store.save(DesiredState.of(7, List.of()));
        byte[] file = Files.readAllBytes(folder.path("assignments"));
        now = now.plus(Duration.ofMinutes(59));
        store.confirm(DesiredState.of(7, List.of()));
        assertThat(folder.path("assignments")).hasBinaryContent(file);
    }

    @Test
    void aHostThatIsBehindItsCopyStillUsesIt() throws IOException {
        store(1).save(DesiredState.of(7, List.of()));
        now = Instant.EPOCH;
        assertThat(store(1).load().revision()).isEqualTo(7);
    }

    private AssignmentStore store(int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new AssignmentStore(
                folder, new SecretKeySpec(bytes, "AES"), new SecureRandom(), new RevisionOnly(), clock(), MAX_AGE);
    }

    private ControllerTime clock() {
        return new ControllerTime() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public boolean isSuspect() {
                return suspect;
            }
        };
    }

    /** Keeps the revision and nothing else. */
    private static final class RevisionOnly implements StateCodec {

        @Override
        public byte[] encode(DesiredState state) {
            return ("revision " + state.revision()).getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public DesiredState decode(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.US_ASCII);
            return DesiredState.of(Long.parseLong(text.substring("revision ".length())), List.of());
        }
    }
}
