package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies what one agent is asked to do for a monitor test: one run. */
public record TestOrderId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
