package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController.Row;
import io.postwatch.agent.spool.FailingDisk;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.Gap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** An agent whose state folder can only be read: from some moment on, or from the start. */
class AgentReadOnlyDiskTest extends AgentTestCase {

    private static final long AT = 1_700_000_000L;

    @Test
    void goesOnProbingAndTellsExactlyWhatItsDiskRefused() throws Exception {
        FailingDisk disk = FailingDisk.insert();
        opened.add(disk);
        start();
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, AT);
        awaitRows(1);

        disk.readOnly(true);
        for (int i = 1; i <= 5; i++) {
            trigger(session, 1, 10, AT + i);
        }
        await().until(() -> FailingDisk.refused(folder) == 5);
        assertThat(probed).hasSize(6);
        assertThat(controller.rows()).hasSize(1);

        disk.readOnly(false);
        trigger(session, 1, 10, AT + 6);
        List<Row> rows = awaitRows(3);
        assertThat(rows)
                .filteredOn(row -> row.record().hasResult())
                .extracting(row -> row.record().getResult().getScheduledAt().getSeconds())
                .containsExactlyInAnyOrder(AT, AT + 6);
        assertThat(rows)
                .filteredOn(row -> row.record().hasGap())
                .singleElement()
                .satisfies(row -> {
                    Gap gap = row.record().getGap();
                    assertThat(gap.getCount()).isEqualTo(5);
                    assertThat(gap.getFirst().getSeconds()).isEqualTo(AT + 1);
                    assertThat(gap.getLast().getSeconds()).isEqualTo(AT + 5);
                });
        assertThat(controller.conversations()).hasSize(1);
    }

    @Test
    void aStartOnAReadOnlyFolderSaysWhatToDoAndChangesNothing() throws Exception {
        Path state = enrolledWithResults();
        Map<String, byte[]> before = files(state);

        Ended ended = runWithReadOnly(state, state);

        assertThat(ended.said())
                .isEqualTo("postwatch-agent: The agent can't use "
                        + state.toRealPath().resolve("lock")
                        + " (Read-only file system): see that its user can write to all of the state folder, then start it"
                        + " again; what is there is kept.");
        assertThat(ended.exit()).isEqualTo(Main.FAILED);
        Map<String, byte[]> after = files(state);
        assertThat(after).containsOnlyKeys(before.keySet());
        before.forEach((file, bytes) -> assertThat(after.get(file)).as(file).isEqualTo(bytes));
        assertThat(results(state)).containsExactly("1:a", "2:b", "3:c");
    }

    @Test
    void aStartOnASpoolThatCanOnlyBeReadSaysWhatToDoAndLosesNothing() throws Exception {
        Path state = enrolledWithResults();

        Ended ended = runWithReadOnly(state.resolve("spool.db"), state);

        assertThat(ended.said())
                .startsWith("postwatch-agent: The agent can't use its spool ([SQLITE_READONLY]")
                .endsWith(
                        "): see that its user can write to all of the state folder, then start it again; what is there is"
                                + " kept.");
        assertThat(ended.exit()).isEqualTo(Main.FAILED);
        assertThat(results(state)).containsExactly("1:a", "2:b", "3:c");
    }

    /** A state folder as a kill leaves it: two results have their numbers, and nothing is in the main file yet. */
    private Path enrolledWithResults() throws Exception {
        enrol();
        Path state = home.resolve("state");
        PrivateFolder.open(state).hold().orElseThrow().close();
        try (Spool spool = spool(home.resolve("before"))) {
            store(spool, "a");
            store(spool, "b");
            assertThat(spool.following(Lane.LIVE, 0, 10, 10_000)).hasSize(2);
            store(spool, "c");
            for (String file : List.of("spool.db", "spool.db-wal", "spool.lost")) {
                Files.copy(home.resolve("before").resolve(file), state.resolve(file));
            }
        }
        return state;
    }

    private static Spool spool(Path folder) throws IOException, SQLException {
        return new Spool(
                PrivateFolder.open(folder), SpoolBounds.DEFAULT, InstantSource.system()::instant, UUID::randomUUID);
    }

    private static void store(Spool spool, String payload) {
        spool.store(new RunRow(Instant.now(), true, payload.getBytes(StandardCharsets.UTF_8), List.of()));
    }

    private static List<String> results(Path state) throws IOException, SQLException {
        try (Spool spool = spool(state)) {
            return spool.following(Lane.LIVE, 0, 10, 10_000).stream()
                    .map(record -> switch (record) {
                        case SpoolRecord.Run run ->
                            run.sequence() + ":" + new String(run.payload(), StandardCharsets.UTF_8);
                        case SpoolRecord.Gap gap -> gap.toString();
                    })
                    .toList();
        }
    }

    private static Map<String, byte[]> files(Path state) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return found;
    }

    /** The exit code, and the last line on standard error. */
    private record Ended(int exit, String said) {}

    private Ended runWithReadOnly(Path readOnly, Path state) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                seeingReadOnly(readOnly, "sh", "-c", "! touch \"$0\" 2>/dev/null", readOnly.toString())
                                .exit()
                        == 0,
                "this machine gives nobody mounts of its own (unshare, mount)");
        return seeingReadOnly(
                readOnly,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--state",
                state.toString());
    }

    /** Runs a command that sees a file or folder on a file system that is mounted read-only; nobody else does. */
    private Ended seeingReadOnly(Path readOnly, String... command) throws IOException, InterruptedException {
        Path errors = home.resolve("errors");
        Stream<String> mounted = Stream.of(
                "unshare",
                "--user",
                "--mount",
                "--map-root-user",
                "sh",
                "-c",
                "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro,nosuid,nodev \"$0\" && exec \"$@\"",
                readOnly.toString());
        Process process;
        try {
            process = new ProcessBuilder(
                            Stream.concat(mounted, Stream.of(command)).toList())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException notInstalled) {
            return new Ended(127, String.valueOf(notInstalled.getMessage()));
        }
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(errors);
        return new Ended(process.exitValue(), lines.isEmpty() ? "" : lines.getLast());
    }
}
