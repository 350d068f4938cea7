package io.postwatch.controller.run;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every address the name resolved to, every attempt in order, and the address of the connection that stood. */
public record NetworkFindings(
        List<InetAddress> resolved,
        List<ConnectAttempt> attempts,
        @Nullable InetAddress remoteAddress,
        int remotePort) {
    public NetworkFindings {
        resolved = List.copyOf(resolved);
        attempts = List.copyOf(attempts);
    }
}
