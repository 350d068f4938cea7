package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a monitor test. */
public record MonitorTestId(UUID value) {
    public static MonitorTestId of(String text) {
        return new MonitorTestId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
