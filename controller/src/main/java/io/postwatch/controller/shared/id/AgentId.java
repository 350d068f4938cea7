package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies an agent. */
public record AgentId(UUID value) {
    public static AgentId of(String text) {
        return new AgentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
