package io.postwatch.controller.shared.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdSourceTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

    @Test
    void anIdIsAUuidOfVersion7ThatCarriesItsTime() {
        UUID id = new IdSource(InstantSource.fixed(NOON), new Random(1)).next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    }

    @Test
    void laterIdsSortLaterAsText() {
        String early =
                new IdSource(InstantSource.fixed(NOON), new Random(1)).next().toString();
        String late = new IdSource(InstantSource.fixed(NOON.plusMillis(1)), new Random(2))
                .next()
                .toString();

        assertThat(early).isLessThan(late);
    }

    @Test
    void idsOfTheSameMillisecondDiffer() {
        IdSource ids = IdSource.secure(InstantSource.fixed(NOON));

        assertThat(ids.next()).isNotEqualTo(ids.next());
    }
}
