package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.address.AddressFamily;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a host's addresses.
 *
 * @param all that were told; at least one
 * @param addresses those of them that are used
 * @param aliases the names that the host leads to, in order
 * @param resolver who said so; empty where nobody was asked
 * @param notes what the transcript should tell of how it was learned
 * @param unknown the family whose addresses nobody told; null: both are known
 */
record Resolution(
        List<InetAddress> all,
        List<InetAddress> addresses,
        List<String> aliases,
        String resolver,
        List<String> notes,
        @Nullable Unknown unknown) {

    Resolution {
        all = List.copyOf(all);
        addresses = List.copyOf(addresses);
        aliases = List.copyOf(aliases);
        notes = List.copyOf(notes);
    }

    /** A host that is an address. */
    static Resolution ofLiteral(InetAddress address) {
        return new Resolution(List.of(address), List.of(address), List.of(), "", List.of(), null);
    }

    /** A family of which nothing is known, and why. */
    record Unknown(AddressFamily family, RunFailure failure) {}
}
