package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a location. */
public record LocationId(UUID value) {
    public static LocationId of(String text) {
        return new LocationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
