package io.postwatch.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.bench.process.AgentJvm;
import io.postwatch.bench.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The bounds of a run, all at once: no hostile server harms a run against another, however many there are. */
@EnabledOnOs(OS.LINUX)
class HostileTest {

    private static final int EACH = 500;
    private static final long HEAP_BYTES = 64L * 1024 * 1024;

    @TempDir
    private Path folder = Path.of("");

    private final List<Aim> aims = new ArrayList<>();

    @Test
    @Timeout(600)
    void fiveHundredHostileServersHarmNoneOfFiveHundredGoodOnesInASmallHeap() throws IOException {
        Path log = folder.resolve("engine.log");
        try (Child targets = targets()) {
            for (String line : HostileCommand.aimsOf(targets)) {
                aims.add(Aim.of(line));
            }
            assertThat(aims).hasSize(2 * EACH);
            try (Child engine = engine(log)) {
                for (Aim aim : aims) {
                    engine.tell(aim.line());
                }
                runAllAtOnce(1, targets, engine);
                Remains first = remains(engine);
                runAllAtOnce(2, targets, engine);
                runAllAtOnce(3, targets, engine);
                assertNothingStays(first, remains(engine));
            }
        }
        assertThat(Files.readString(log)).doesNotContain("Exception", "Error");
    }

    /** Of what one kind of server made a run leave behind, two more rounds would leave more than ten. */
    private static void assertNothingStays(Remains afterFirst, Remains afterThird) {
        assertThat(afterThird.virtualThreads()).as("virtual threads").isLessThan(afterFirst.virtualThreads() + 10);
        assertThat(afterThird.sockets()).as("sockets").isLessThan(afterFirst.sockets() + 10);
        assertThat(afterThird.threads()).as("threads").isLessThan(afterFirst.threads() + 10);
        assertThat(afterThird.heapBytes()).as("heap in use").isLessThan(HEAP_BYTES / 2);
        assertThat(afterThird.heapPeakBytes()).isLessThanOrEqualTo(HEAP_BYTES);
    }

    private Child targets() throws IOException {
        return Child.java(
                List.of(),
                List.of("-XX:+UseSerialGC", "-Xmx512m"),
                folder.resolve("targets.log"),
                "hostile-targets",
                "--authority",
                authority(),
                "--good",
                Integer.toString(EACH),
                "--hostile",
                Integer.toString(EACH));
    }

    /** With the heap of an agent, and gone where that is too small. */
    private Child engine(Path log) throws IOException {
        List<String> options = new ArrayList<>(AgentJvm.OPTIONS);
        options.add("-XX:+ExitOnOutOfMemoryError");
        return Child.java(List.of(), options, log, "hostile-engine", "--authority", authority());
    }

    private String authority() {
        return folder.resolve("authority.p12").toString();
    }

    /** Time passes for the endless ones only when all others have ended and they themselves are connected. */
    private void runAllAtOnce(int round, Child targets, Child engine) throws IOException {
        long endless = aims.stream().filter(Aim::endless).count();
        Map<Aim, String> outcomes = new HashMap<>();
        engine.tell("round");
        while (outcomes.size() < aims.size() - endless) {
            add(outcomes, engine);
        }
        assertThat(outcomes.keySet()).noneMatch(Aim::endless);
        do {
            targets.tell(Integer.toString(round));
        } while (Long.parseLong(targets.nextLine()) < endless);
        engine.tell("time");
        while (outcomes.size() < aims.size()) {
            add(outcomes, engine);
        }
        outcomes.forEach((aim, outcome) -> assertThat(outcome).as(aim.name()).isEqualTo(HostileCommand.expected(aim)));
    }

    private void add(Map<Aim, String> outcomes, Child engine) throws IOException {
        String[] words = engine.nextLine().split(" ", -1);
        Aim aim = aims.get(Integer.parseInt(words[0]));
        assertThat(outcomes.put(aim, words[1])).as("a second result of one run").isNull();
    }

    private static Remains remains(Child engine) throws IOException {
        engine.tell("rest");
        return Remains.of(engine.nextLine());
    }
}
