package io.postwatch.controller.secret;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The key that encrypts what a tenant stores of passwords and tokens, without the key.
 *
 * @param createdAt absent where nothing was stored yet
 * @param rotatesAt when it makes room for a new one by itself
 * @param rotating whether secrets of a former key are being encrypted anew
 * @param secretsLeft how many of them are left
 * @param secretsLost stored under a key that was given up: they have to be entered again
 */
@Schema(name = "DataKey")
record DataKeyView(
        @Nullable Instant createdAt,
        @Nullable Instant rotatesAt,
        boolean rotating,
        long secretsLeft,
        long secretsLost) {}
