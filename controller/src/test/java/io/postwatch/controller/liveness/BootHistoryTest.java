package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hellos are written as the process and its attempt; one with an exclamation mark was challenged before the last session began. */
class BootHistoryTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration LATER = Duration.ofMinutes(1);

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
        Instant now = START;
        for (String hello : hellos.split(" ", -1)) {
            Instant challengedAt = hello.endsWith("!") ? now : now.plus(LATER);
            now = now.plus(LATER);
            history = history.with(
                    boot(hello.charAt(0)), Long.parseLong(hello.substring(1).replace("!", "")), challengedAt, now);
        }
        assertThat(history.provesCopies()).isEqualTo(copies);
    }

    @Test
    void itForgetsTheOldest() {
        BootHistory history = BootHistory.NONE;
        for (char process = 'a'; process < 'a' + BootHistory.MOST + 1; process++) {
            history = history.with(boot(process), 1, START, START);
        }
        assertThat(history.boots()).hasSize(BootHistory.MOST);
        assertThat(history.isSucceeded(boot('b'))).isTrue();
        assertThat(history.isSucceeded(boot('a'))).as("forgotten").isFalse();
        assertThat(history.isSucceeded(boot((char) ('a' + BootHistory.MOST))))
                .as("the last")
                .isFalse();
    }

    /** By somebody who has the agent's keys, and makes up processes between those of the agent. */
    @Test
    void inventedProcessesPushNobodyOutThatWasHeard() {
        BootHistory history = BootHistory.NONE.with(boot('x'), 1, START, START).newestStayed();
        Instant now = START;
        long invented = 0;
        for (int attempt = 2; !history.provesCopies(); attempt++) {
            assertThat(attempt).as("found out by its second return").isLessThanOrEqualTo(3);
            for (int n = 0; n < 3 * BootHistory.MOST; n++) {
                now = now.plusSeconds(1);
                history = history.with(new UUID(1, invented++), 1, now, now);
            }
            history = history.with(boot('x'), attempt, now, now);
        }
        assertThat(history.boots()).hasSizeLessThanOrEqualTo(BootHistory.MOST);
    }

    /** A session that begins every second would never leave the half minute in which clocks may differ. */
    @Test
    void aProcessReturnsFromWhatSucceededItAndNotFromTheLastSession() {
        BootHistory history = BootHistory.NONE
                .with(boot('x'), 1, START, START)
                .with(boot('y'), 1, START, START.plusSeconds(1))
                .with(boot('z'), 1, START, START.plusSeconds(60));

        assertThat(history.livedOn(boot('x'), START.plusSeconds(31))).isFalse();
        assertThat(history.livedOn(boot('x'), START.plusSeconds(62))).isTrue();
        assertThat(history.livedOn(boot('y'), START.plusSeconds(62))).isFalse();
        assertThat(history.livedOn(boot('z'), START.plusSeconds(200))).isFalse();
    }

    /** His own that come back count, too, and can't be used to crowd out others. */
    @Test
    void theThirdReturnOfAnyProvesTwoMachines() {
        BootHistory history = BootHistory.NONE;
        Instant now = START;
        for (int attempt = 1; attempt <= 2; attempt++) {
            for (char process = 'a'; process <= 'c'; process++) {
                assertThat(history.provesCopies()).isFalse();
                now = now.plus(LATER);
                history = history.with(boot(process), attempt, now, now);
            }
        }
        assertThat(history.provesCopies()).isTrue();
    }

    private static UUID boot(char name) {
        return new UUID(0, name);
    }
}
