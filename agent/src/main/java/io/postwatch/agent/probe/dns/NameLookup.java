package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/** A way to find the addresses of a name. Called by many runs at once. */
@FunctionalInterface
public interface NameLookup {

    /**
     * Returns at the latest when the deadline passes or is cancelled, and shortly after the thread is interrupted.
     *
     * @param wanted once an address of this family is found, the other one is waited for a moment only
     */
    Answers lookup(MailHost name, AddressFamily wanted, Deadline deadline);

    /** As this machine's files say, {@code /etc/hosts} before the resolvers of {@code /etc/resolv.conf}. */
    static NameLookup ofThisMachine(NanoTicker ticker) {
        return new HostsFile(
                Path.of("/etc/hosts"),
                new DnsClient(
                        new NameServers(Path.of("/etc/resolv.conf")),
                        new SecureRandom(),
                        ticker,
                        Duration.ofSeconds(5)));
    }
}
