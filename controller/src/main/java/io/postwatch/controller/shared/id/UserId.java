package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a user. */
public record UserId(UUID value) {
    public static UserId of(String text) {
        return new UserId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
