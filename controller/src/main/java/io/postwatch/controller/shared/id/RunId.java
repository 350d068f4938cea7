package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a run, made by the agent. */
public record RunId(UUID value) {
    public static RunId of(String text) {
        return new RunId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
