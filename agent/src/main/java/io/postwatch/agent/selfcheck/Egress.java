package io.postwatch.agent.selfcheck;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.NanoTicker;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Through which ports this agent gets out. Knows port 25 and those of the operator's hosts; of others nothing is said. Safe
 * for all threads; nothing blocks.
 */
public final class Egress {

    /** In bytes: what is routed together, /24 and /48. */
    private static final int V4_NETWORK = 3;

    private static final int V6_NETWORK = 6;

    /** A port in one address family: networks close one and leave the other. */
    private record Way(int port, AddressFamily family) {}

    private final NanoTicker ticker;
    private final Map<Way, PortEgress> ways = new HashMap<>();

    public Egress(EgressHosts hosts, NanoTicker ticker) {
        this.ticker = ticker;
        Stream.concat(Stream.of(PortEgress.GUESSED_PORT), hosts.ports().stream())
                .flatMap(port ->
                        Stream.of(AddressFamily.IPV4, AddressFamily.IPV6).map(family -> new Way(port, family)))
                .forEach(way -> ways.put(way, PortEgress.unknown(way.port())));
    }

    /** The ports at which nothing outside answers this agent in any address family, in ascending order. */
    public synchronized List<Integer> blockedPorts() {
        long now = ticker.nanos();
        Set<Integer> open = ways.values().stream()
                .filter(known -> known.isSeenOpen(now))
                .map(PortEgress::port)
                .collect(Collectors.toSet());
        return ways.values().stream()
                .filter(known -> known.blockedBecause(now) != null && !open.contains(known.port()))
                .map(PortEgress::port)
                .distinct()
                .sorted()
                .toList();
    }

    /** Why nothing outside answers at that port in that family; null: something does, or nobody knows. */
    synchronized @Nullable String blockedBecause(int port, AddressFamily family) {
        PortEgress known = ways.get(new Way(port, family));
        return known == null ? null : known.blockedBecause(ticker.nanos());
    }

    /** Why none of those connections could stand; null: one of them could have, or nobody knows. */
    synchronized @Nullable String blockedBecause(int port, List<ConnectAttempt> attempts) {
        String why = null;
        for (ConnectAttempt attempt : attempts) {
            why = blockedBecause(port, familyOf(attempt.address()));
            if (why == null) {
                return null;
            }
        }
        return why;
    }

    /** What a run tried. An attempt that this host itself refused tells nothing of the way. */
    synchronized void attempted(int port, List<ConnectAttempt> attempts) {
        for (ConnectAttempt attempt : attempts) {
            if (attempt.failure() != FailureCode.NO_EGRESS) {
                InetAddress address = attempt.address();
                ways.computeIfPresent(
                        new Way(port, familyOf(address)),
                        (_, known) -> known.attempted(networkOf(address), outcome(attempt), ticker.nanos()));
            }
        }
    }

    synchronized boolean isRoundDue(int port, AddressFamily family) {
        PortEgress known = ways.get(new Way(port, family));
        return known != null && known.isRoundDue(ticker.nanos());
    }

    synchronized void asked(int port, AddressFamily family, PortEgress.Answer answer) {
        ways.computeIfPresent(new Way(port, family), (_, known) -> known.asked(answer, ticker.nanos()));
    }

    private static AddressFamily familyOf(InetAddress address) {
        return AddressFamily.IPV4.includes(address) ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private static PortEgress.Outcome outcome(ConnectAttempt attempt) {
        if (attempt.failure() == null) {
            return PortEgress.Outcome.CONNECTED;
        }
        return attempt.failure() == FailureCode.CONNECT_TIMEOUT
                ? PortEgress.Outcome.TIMED_OUT
                : PortEgress.Outcome.OTHERWISE;
    }

    private static String networkOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, bytes.length == 4 ? V4_NETWORK : V6_NETWORK));
    }
}
