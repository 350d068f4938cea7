package io.postwatch.controller.run;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every address the name resolved to, every attempt in order, and the address of the connection that stood.
 *
 * @param aliases the names that the host leads to (CNAME), in order
 * @param resolver who told the addresses: a server of names or a file of the agent's host; null where nobody was asked
 */
public record NetworkFindings(
        List<InetAddress> resolved,
        List<ConnectAttempt> attempts,
        @Nullable InetAddress remoteAddress,
        int remotePort,
        List<String> aliases,
        @Nullable String resolver) {
    public NetworkFindings {
        resolved = List.copyOf(resolved);
        attempts = List.copyOf(attempts);
        aliases = List.copyOf(aliases);
    }
}
