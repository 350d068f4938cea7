package io.postwatch.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CursorTest {
    @Test
    void aPositionComesBack() {
        UUID id = new UUID(1, 2);
        Instant at = Instant.parse("2026-11-22T12:00:00Z");
        Cursor cursor = Cursor.decode(Cursor.at("Zürich, \"ä\"", id, 7L, at).encode());

        assertThat(cursor.text(0)).isEqualTo("Zürich, \"ä\"");
        assertThat(cursor.uuid(1)).isEqualTo(id);
        assertThat(cursor.number(2)).isEqualTo(7);
        assertThat(cursor.instant(3)).isEqualTo(at);
    }

    @Test
    void whateverIsTamperedWithIsRefusedAsOne() {
        byte[] original =
                Cursor.at("name", new UUID(1, 2)).encode().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = original.clone();
            changed[random.nextInt(changed.length)] = (byte) (32 + random.nextInt(95));
            String text = new String(changed, java.nio.charset.StandardCharsets.US_ASCII);
            try {
                Cursor cursor = Cursor.decode(text);
                assertThat(cursor.parts()).isNotNull();
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.INVALID_CURSOR);
            }
        }
    }

    @Test
    void aPartOfAnotherKindIsRefused() {
        Cursor cursor = new Cursor(List.of("text"));

        for (Runnable reading : List.<Runnable>of(
                () -> cursor.uuid(0), () -> cursor.number(0), () -> cursor.instant(0), () -> cursor.text(1))) {
            assertThatThrownBy(reading::run)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_CURSOR));
        }
    }
}
