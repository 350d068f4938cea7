package io.postwatch.controller.run;

import io.postwatch.controller.shared.FailureCode;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One try to connect; failure is absent where it connected. */
public record ConnectAttempt(
        InetAddress address,
        Duration start,
        Duration duration,
        @Nullable FailureCode failure) {}
