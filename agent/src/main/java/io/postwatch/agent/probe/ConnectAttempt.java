package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.failure.FailureCode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One try to connect to one address.
 *
 * @param start offset from the start of the run; not negative
 * @param duration not negative
 * @param failure null: it connected
 */
public record ConnectAttempt(
        InetAddress address,
        Duration start,
        Duration duration,
        @Nullable FailureCode failure) {

    public ConnectAttempt {
        Objects.requireNonNull(address, "address");
        Checks.notNegative(start, "start");
        Checks.notNegative(duration, "duration");
    }
}
