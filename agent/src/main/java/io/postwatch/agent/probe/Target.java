package io.postwatch.agent.probe;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.Checks;
import java.util.Objects;

/**
 * Where a run connects to, and how.
 *
 * @param port 1 to 65,535
 */
public record Target(MailHost host, int port, Security security, AddressFamily family) {

    public Target {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(family, "family");
        Checks.port(port);
    }
}
