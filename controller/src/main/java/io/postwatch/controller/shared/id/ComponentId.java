package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a component. */
public record ComponentId(UUID value) {
    public static ComponentId of(String text) {
        return new ComponentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
