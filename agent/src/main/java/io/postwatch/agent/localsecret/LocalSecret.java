package io.postwatch.agent.localsecret;

import io.postwatch.agent.probe.address.MailHost;
import java.net.InetAddress;
import java.util.Set;

/**
 * What the host's configuration says of one secret.
 *
 * @param hosts the only mail servers that it may be used for; empty: whichever the controller names
 */
public record LocalSecret(SecretSource source, Set<MailHost> hosts) {

    public LocalSecret {
        hosts = Set.copyOf(hosts);
    }

    boolean isFor(MailHost host) {
        return hosts.isEmpty() || hosts.stream().anyMatch(allowed -> areSame(allowed, host));
    }

    /** One IPv6 address can be written in several ways. */
    private static boolean areSame(MailHost allowed, MailHost host) {
        InetAddress address = allowed.literal();
        return allowed.equals(host) || (address != null && address.equals(host.literal()));
    }
}
