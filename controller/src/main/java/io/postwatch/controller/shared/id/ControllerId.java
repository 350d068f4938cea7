package io.postwatch.controller.shared.id;

import java.util.UUID;

/** One run of one controller: a restarted one is another. */
public record ControllerId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
