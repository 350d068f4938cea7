package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hellos are written as the process and its attempt; one with an exclamation mark was challenged before the last session began. */
class BootHistoryTest {
    @ParameterizedTest
    @CsvSource({
        "x1, false",
        "x1 x2 x3 x4 x5, false",
        "x1 y1, false",
        "x1 y1 z1 a1 b1 c1 d1 e1 f1 g1, false",
        "x1 y1 x2, false",
        "x1 y1 x2 y2, false",
        "x1 y1 x2 y2 x3, true",
        // With other hellos of the same ones between.
        "x1 x2 y1 y2 x3 x4 y3 x5, true",
        // Three copies.
        "x1 y1 z1 x2 y2 z2 x3, true",
        // A hello that hung comes again and again, or with what was under way before.
        "x1 y1 x1 y2 x1 y3 x1, false",
        "x1 y1 x2! y2! x3!, false",
        "x1 y1 x2! y2 x3! y3! x4!, false",
        // Agents that don't tell their attempts.
        "x0 y0 x0 y0 x0 y0 x0, false"
    })
    void onlyTheSecondReturnOfAProcessProvesTwoMachines(String hellos, boolean copies) {
        BootHistory history = BootHistory.NONE;
        for (String hello : hellos.split(" ", -1)) {
            boolean since = !hello.endsWith("!");
            history = history.with(
                    boot(hello.charAt(0)), Long.parseLong(hello.substring(1).replace("!", "")), since);
        }
        assertThat(history.provesCopies()).isEqualTo(copies);
    }

    @Test
    void itForgetsTheOldest() {
        BootHistory history = BootHistory.NONE;
        for (char process = 'a'; process < 'a' + BootHistory.MOST + 1; process++) {
            history = history.with(boot(process), 1, true);
        }
        assertThat(history.boots()).hasSize(BootHistory.MOST);
        assertThat(history.isSucceeded(boot('b'))).isTrue();
        assertThat(history.isSucceeded(boot('a'))).as("forgotten").isFalse();
        assertThat(history.isSucceeded(boot((char) ('a' + BootHistory.MOST))))
                .as("the last")
                .isFalse();
    }

    private static UUID boot(char name) {
        return new UUID(0, name);
    }
}
