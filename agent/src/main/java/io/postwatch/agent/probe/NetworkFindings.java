package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a run found and used.
 *
 * @param resolved every address the host has, whatever its family
 * @param attempts in the order in which they were made
 * @param remoteAddress of the connection that stood; null where none did
 * @param port 1 to 65,535
 */
public record NetworkFindings(
        List<InetAddress> resolved,
        List<ConnectAttempt> attempts,
        @Nullable InetAddress remoteAddress,
        int port) {

    public NetworkFindings {
        resolved = List.copyOf(resolved);
        attempts = List.copyOf(attempts);
        Checks.port(port);
    }
}
