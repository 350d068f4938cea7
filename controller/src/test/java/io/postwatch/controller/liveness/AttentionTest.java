package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final Duration SILENCE = Duration.ofSeconds(24);

    @Test
    void whoLooksClosePastEachOtherHasNoPause() {
        Attention attention = Attention.UNBROKEN;
        for (int second = 0; second < 100; second += 5) {
            attention = attention.look(Duration.ofSeconds(second).toNanos());
            assertThat(attention.hasLasted(SILENCE)).isTrue();
        }
    }

    @Test
    void afterAPauseItBeginsAnew() {
        Attention attention =
                Attention.UNBROKEN.look(0).look(Duration.ofSeconds(16).toNanos());

        assertThat(attention.hasLasted(SILENCE)).isFalse();
        attention = attention.look(Duration.ofSeconds(28).toNanos());
        assertThat(attention.hasLasted(SILENCE)).isFalse();
        attention = attention.look(Duration.ofSeconds(40).toNanos());
        assertThat(attention.hasLasted(SILENCE)).isTrue();
    }
}
