package io.postwatch.agent.assignment;

import java.util.UUID;

/** The monitor behind a series, for logs. */
public record MonitorId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
