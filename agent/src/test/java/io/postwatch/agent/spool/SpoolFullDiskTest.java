package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that really refuses to write, and a kill on top of it.
 *
 * <p>To mount a small file system takes rights that not every machine gives, and permissions don't keep a root from writing.
 * A limit on the size of files needs no right at all: beyond it the system refuses every write (EFBIG), whoever asks, as a
 * full disk does (ENOSPC) and one that was mounted read-only (EROFS), and what lies below it can be written over.
 */
@Timeout(120)
class SpoolFullDiskTest {

    /** In units of 512 bytes, in some shells 1,024: 4 or 8 MiB. More than the native library that the program unpacks. */
    private static final int FILE_LIMIT = 8192;

    @TempDir
    Path home;

    @Test
    void eachResultIsStoredOrCountedAlsoWhereTheProcessIsKilledOnAFullDisk() throws Exception {
        Path state = home.resolve("state");
        fillAndKill(state);

        try (Spool spool = new Spool(
                PrivateFolder.open(state), SpoolBounds.DEFAULT, InstantSource.system()::instant, UUID::randomUUID)) {
            List<SpoolRecord> found = spool.following(Lane.LIVE, 0, 10_000, Integer.MAX_VALUE);
            long runs = found.stream().filter(SpoolRecord.Run.class::isInstance).count();
            assertThat(runs).isBetween(100L, SpoolFillingProgram.RESULTS - 100L);
            assertThat(found)
                    .filteredOn(SpoolRecord.Gap.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(SpoolRecord.Gap.class, gap -> {
                        assertThat(gap.reason()).isEqualTo(GapReason.SPOOL_FULL);
                        // The last one may be whole on the disk though the disk refused it: then it is told, and there.
                        assertThat(gap.count() - (SpoolFillingProgram.RESULTS - runs))
                                .isBetween(0L, 1L);
                    });
            assertThat(found.stream().map(SpoolRecord::sequence)).startsWith(1L).doesNotHaveDuplicates();
        }
    }

    private static void fillAndKill(Path state) throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f " + FILE_LIMIT + " && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolFillingProgram.class.getName(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("stored");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
