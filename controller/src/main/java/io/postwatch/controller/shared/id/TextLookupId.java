package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies what one agent was asked about the texts of a name. */
public record TextLookupId(UUID value) {
    public static TextLookupId of(String text) {
        return new TextLookupId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
