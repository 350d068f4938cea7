package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of its work, again and again, keeps what its spool has promised. */
@Timeout(120)
class SpoolCrashTest {

    @TempDir
    Path home;

    private final Set<String> stored = new HashSet<>();
    private final Map<Long, String> numbered = new HashMap<>();
    private long acked;
    private int lives;

    @Test
    void whatWasPromisedHoldsHoweverOftenTheProcessIsKilled() throws Exception {
        for (int lines : new int[] {1, 700, 90}) {
            liveUntil(lines);
        }
        try (Spool spool = new Spool(
                PrivateFolder.open(home.resolve("state")),
                SpoolBounds.DEFAULT,
                InstantSource.system()::instant,
                UUID::randomUUID)) {
            Map<Long, String> found = new HashMap<>();
            for (SpoolRecord record : spool.following(Lane.LIVE, 0, 1_000_000, Integer.MAX_VALUE)) {
                if (record instanceof SpoolRecord.Run run) {
                    assertThat(found.put(run.sequence(), new String(run.payload(), StandardCharsets.UTF_8)))
                            .isNull();
                }
            }
            assertThat(stored).hasSizeGreaterThan(300);
            assertThat(found.values()).doesNotHaveDuplicates().containsAll(stored);
            assertThat(found).containsAllEntriesOf(numbered);
            assertThat(acked).isPositive();
            assertThat(spool.unackedRows()).isLessThanOrEqualTo(found.size() - acked);
        }
    }

    /** Starts the program and kills it after it has said so much; what it said until then, it was promised. */
    private void liveUntil(int lines) throws IOException, InterruptedException {
        lives++;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolWriter.class.getName(),
                        home.resolve("state").toString(),
                        Long.toString(lives * 1_000_000_000L))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int heard = 0;
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.endsWith(" .")) {
                    note(line.split(" "));
                }
                heard++;
                if (heard == lines) {
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(heard).as("what the process said").isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void note(String[] words) {
        switch (words[0]) {
            case "S" -> stored.add(words[1]);
            case "N" -> {
                String before = numbered.put(Long.parseLong(words[1]), words[2]);
                assertThat(before == null || before.equals(words[2]))
                        .as("number %s is one record for ever", words[1])
                        .isTrue();
            }
            case "A" -> acked = Math.max(acked, Long.parseLong(words[1]));
            default -> throw new AssertionError(words[0]);
        }
    }
}
