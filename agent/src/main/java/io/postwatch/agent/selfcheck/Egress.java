package io.postwatch.agent.selfcheck;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.NanoTicker;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Through which ports this agent gets out. Knows port 25 and those of the operator's hosts; of others nothing is said. Safe
 * for all threads; nothing blocks.
 */
public final class Egress {

    /** In bytes: what is routed together, /24 and /48. */
    private static final int V4_NETWORK = 3;

    private static final int V6_NETWORK = 6;

    private final NanoTicker ticker;
    private final Map<Integer, PortEgress> ports = new HashMap<>();

    public Egress(EgressHosts hosts, NanoTicker ticker) {
        this.ticker = ticker;
        ports.put(PortEgress.GUESSED_PORT, PortEgress.unknown(PortEgress.GUESSED_PORT));
        hosts.ports().forEach(port -> ports.put(port, PortEgress.unknown(port)));
    }

    /** The ports at which nothing outside answers this agent, in ascending order. */
    public synchronized List<Integer> blockedPorts() {
        long now = ticker.nanos();
        return ports.values().stream()
                .filter(known -> known.blockedBecause(now) != null)
                .map(PortEgress::port)
                .sorted()
                .toList();
    }

    /** Why nothing outside answers at that port; null: something does, or nobody knows. */
    synchronized @Nullable String blockedBecause(int port) {
        PortEgress known = ports.get(port);
        return known == null ? null : known.blockedBecause(ticker.nanos());
    }

    /** What a run tried. An attempt that this host itself refused tells nothing of the way. */
    synchronized void attempted(int port, List<ConnectAttempt> attempts) {
        for (ConnectAttempt attempt : attempts) {
            if (attempt.failure() != FailureCode.NO_EGRESS) {
                ports.computeIfPresent(
                        port,
                        (_, known) -> known.attempted(networkOf(attempt.address()), outcome(attempt), ticker.nanos()));
            }
        }
    }

    synchronized boolean isRoundDue(int port) {
        PortEgress known = ports.get(port);
        return known != null && known.isRoundDue(ticker.nanos());
    }

    synchronized void asked(int port, PortEgress.Answer answer) {
        ports.computeIfPresent(port, (_, known) -> known.asked(answer, ticker.nanos()));
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
