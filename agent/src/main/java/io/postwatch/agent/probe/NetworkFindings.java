package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a run found and used.
 *
 * @param resolved every address the host has, whatever its family
 * @param aliases the names that the host leads to (CNAME), in order
 * @param resolver who said so: a server's address or a file's path; empty where nobody was asked
 * @param attempts in the order in which they were made
 * @param remoteAddress of the connection that stood; null where none did
 * @param port 1 to 65,535
 */
public record NetworkFindings(
        List<InetAddress> resolved,
        List<String> aliases,
        String resolver,
        List<ConnectAttempt> attempts,
        @Nullable InetAddress remoteAddress,
        int port) {

    public NetworkFindings {
        resolved = List.copyOf(resolved);
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(resolver, "resolver");
        attempts = List.copyOf(attempts);
        Checks.port(port);
    }
}
