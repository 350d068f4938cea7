package io.postwatch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Thousands of seeds, each another story of faults. {@code -Dpostwatch.simulation.seed=N} tells one of them again,
 * {@code -Dpostwatch.simulation.seeds=N} tells that many, from {@code -Dpostwatch.simulation.from=N} on.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("postwatch.simulation.seeds", 2_000);
    private static final int REAL_SEEDS = Integer.getInteger("postwatch.simulation.real", 15);
    private static final long FROM = Long.getLong("postwatch.simulation.from", 1);
    private static final long ONE = Long.getLong("postwatch.simulation.seed", -1);

    private Path folder = Path.of("unset");

    /** In memory where there is such a place: what is written is flushed each time. */
    @BeforeEach
    void makeFolder() throws IOException {
        Path memory = Path.of("/dev/shm");
        folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "postwatch-simulation")
                : Files.createTempDirectory("postwatch-simulation");
    }

    @AfterEach
    void deleteFolder() {
        delete(folder);
    }

    @Test
    void whateverGoesWrongNothingIsLostAndAllIsWellAgainSoon() {
        if (ONE >= 0) {
            tell(ONE, false);
            return;
        }
        Duration longest = Duration.ZERO;
        long results = 0;
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Story.Outcome outcome = tell(seed, false);
            results += outcome.results();
            longest = outcome.healed().compareTo(longest) > 0 ? outcome.healed() : longest;
        }
        assertThat(results).as("results that %d stories are about", SEEDS).isGreaterThan(SEEDS * 10L);
        System.out.println("SIMULATION seeds=" + SEEDS + " results=" + results + " healed_within=" + longest);
    }

    @Test
    void theSameHoldsOnTheRealSpool() {
        if (ONE >= 0) {
            tell(ONE, true);
            return;
        }
        for (long seed = FROM; seed < FROM + REAL_SEEDS; seed++) {
            tell(seed, true);
        }
    }

    @Test
    void theSameSeedIsTheSameStory() {
        assertThat(tell(42, false)).isEqualTo(tell(42, false));
    }

    private Story.Outcome tell(long seed, boolean realSpool) {
        Path own = folder.resolve((realSpool ? "real-" : "") + seed);
        try {
            return Story.tell(seed, own, realSpool);
        } finally {
            delete(own);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
