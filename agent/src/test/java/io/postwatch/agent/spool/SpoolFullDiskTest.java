package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
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

    @Test
    void theSameProcessStoresAgainOnceThereIsRoomAndTellsExactlyWhatWasRefused() throws Exception {
        Assumptions.assumeTrue(canRaiseLimits(), "this machine has no prlimit");
        Path state = home.resolve("state");
        Process process = fill(state);
        try (BufferedReader said = saidBy(process)) {
            assertThat(said.readLine()).isEqualTo("stored");
            assertThat(raiseLimit(process.pid())).isZero();
            try (OutputStream goOn = process.getOutputStream()) {
                goOn.write('\n');
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }

        try (Spool spool = new Spool(
                PrivateFolder.open(state), SpoolBounds.DEFAULT, InstantSource.system()::instant, UUID::randomUUID)) {
            List<SpoolRecord> found = spool.following(Lane.LIVE, 0, 10_000, Integer.MAX_VALUE);
            List<SpoolRecord.Run> runs = found.stream()
                    .filter(SpoolRecord.Run.class::isInstance)
                    .map(SpoolRecord.Run.class::cast)
                    .toList();
            assertThat(runs).filteredOn(run -> run.size() == 1).hasSize(SpoolFillingProgram.MORE);
            int before = runs.size() - SpoolFillingProgram.MORE;
            assertThat(before).isBetween(100, SpoolFillingProgram.RESULTS - 100);
            assertThat(found)
                    .filteredOn(SpoolRecord.Gap.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            SpoolRecord.Gap.class,
                            gap -> assertThat(gap.count()).isEqualTo(SpoolFillingProgram.RESULTS - (long) before));
        }
    }

    private static boolean canRaiseLimits() throws InterruptedException {
        try {
            return raiseLimit(ProcessHandle.current().pid()) == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    /** As far as it may be, which for this process it is. */
    private static int raiseLimit(long process) throws IOException, InterruptedException {
        return new ProcessBuilder("prlimit", "--pid", Long.toString(process), "--fsize=unlimited:")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static BufferedReader saidBy(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void fillAndKill(Path state) throws Exception {
        Process process = fill(state);
        try (BufferedReader said = saidBy(process)) {
            assertThat(said.readLine()).isEqualTo("stored");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Process fill(Path state) throws IOException {
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -S -f " + FILE_LIMIT + " && exec \"$@\"",
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
    }
}
