package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies a monitor. */
public record MonitorId(UUID value) {
    public static MonitorId of(String text) {
        return new MonitorId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
