package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a stored secret. */
public record SecretId(UUID value) {
    public static SecretId of(String text) {
        return new SecretId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
