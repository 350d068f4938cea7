package io.postwatch.controller.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeriesIdsTest {
    @Test
    void seriesIdsRiseAndAreNeverTheSame() {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        SeriesIds ids = new SeriesIds(() -> now, new Random(1));
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            long id = ids.next().value();
            assertThat(id).isGreaterThan(last);
            assertThat(seen.add(id)).isTrue();
            last = id;
        }
    }
}
