package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a host's addresses, asks the policy and connects to one that was asked about. Called by many runs at once; it
 * has no state of its own.
 */
public final class Connector {

    /** From the most telling to the least: what a run reports when no address answered. */
    private static final List<FailureCode> TELLING = List.of(
            FailureCode.CONNECTION_REFUSED,
            FailureCode.CONNECTION_RESET,
            FailureCode.CONNECT_TIMEOUT,
            FailureCode.HOST_UNREACHABLE,
            FailureCode.NETWORK_UNREACHABLE,
            FailureCode.NO_EGRESS);

    private final Resolver resolver;
    private final AddressPolicy policy;

    public Connector(NameLookup names, AddressPolicy policy) {
        this.resolver = new Resolver(names);
        this.policy = policy;
    }

    /**
     * Phases resolve and connect. Run n begins with address n mod count; each attempt may take an equal share of the
     * time left, so that one silent address does not keep a run from the others.
     */
    public Connection connect(Target target, long runNumber, Deadline deadline, RunRecorder recorder)
            throws RunFailure {
        if (!policy.allowsPort(target.port())) {
            throw new RunFailure(
                    FailureCode.PORT_DENIED,
                    "This agent may not connect to port " + target.port() + ": " + policy.reason() + ".");
        }
        recorder.begin(Phase.RESOLVE);
        List<InetAddress> candidates = candidates(target, deadline, recorder);
        if (target.host().literal() == null && deadline.remaining().isZero() && !IoFailures.isCancelled(deadline)) {
            throw new RunFailure(
                    FailureCode.DNS_TIMEOUT, "Looking up " + target.host() + " took all the time of the run.");
        }
        recorder.begin(Phase.CONNECT);
        int count = candidates.size();
        int first = (int) (runNumber % count);
        @Nullable FailureCode worst = null;
        for (int i = 0; i < count && !deadline.remaining().isZero(); i++) {
            InetAddress address = candidates.get((first + i) % count);
            InetSocketAddress endpoint = new InetSocketAddress(address, target.port());
            Duration share = deadline.remaining().dividedBy(count - i);
            Duration start = recorder.elapsed();
            Socket socket = new Socket();
            try (Deadline.Registration _ = deadline.register(socket::close)) {
                socket.connect(endpoint, millis(share));
                socket.setTcpNoDelay(true);
                Connection connection = new Connection(socket, deadline, recorder);
                recorder.attempt(
                        new ConnectAttempt(address, start, recorder.elapsed().minus(start), null));
                recorder.connected(address);
                recorder.end();
                return connection;
            } catch (IOException e) {
                closeQuietly(socket);
                if (IoFailures.isCancelled(deadline)) {
                    throw IoFailures.cancelled();
                }
                FailureCode code = deadline.isPassed() ? FailureCode.CONNECT_TIMEOUT : checked(e, endpoint);
                recorder.attempt(
                        new ConnectAttempt(address, start, recorder.elapsed().minus(start), code));
                worst = worst == null || TELLING.indexOf(code) < TELLING.indexOf(worst) ? code : worst;
            }
        }
        if (IoFailures.isCancelled(deadline)) {
            throw IoFailures.cancelled();
        }
        // Without an attempt the time was over before the first.
        FailureCode code = worst == null ? FailureCode.CONNECT_TIMEOUT : worst;
        throw new RunFailure(code, sentence(code, target, candidates));
    }

    private List<InetAddress> candidates(Target target, Deadline deadline, RunRecorder recorder) throws RunFailure {
        if (!policy.allowsName(target.host())) {
            throw new RunFailure(
                    FailureCode.ADDRESS_DENIED,
                    "This agent does not look up " + target.host() + ": " + policy.reason() + ".");
        }
        Resolution resolved = resolver.resolve(target.host(), target.family(), deadline);
        InetAddress denied = resolved.all().stream()
                .filter(address -> !policy.allows(address))
                .findFirst()
                .orElse(null);
        if (denied != null && target.host().literal() == null && !policy.tellsDenied()) {
            throw new RunFailure(
                    FailureCode.ADDRESS_DENIED,
                    "This agent may not connect to an address of " + target.host() + ": " + policy.reason() + ".");
        }
        recorder.resolved(resolved);
        if (denied != null) {
            throw new RunFailure(
                    FailureCode.ADDRESS_DENIED,
                    "This agent may not connect to " + denied.getHostAddress()
                            + (target.host().literal() == null ? ", an address of " + target.host() : "")
                            + ": " + policy.reason() + ".");
        }
        List<InetAddress> candidates =
                resolved.addresses().stream().filter(target.family()::includes).toList();
        if (candidates.isEmpty()) {
            throw withoutAddress(target, resolved);
        }
        return candidates;
    }

    /** There are addresses, and none of the family asked for. */
    private static RunFailure withoutAddress(Target target, Resolution resolved) {
        Resolution.Unknown unknown = resolved.unknown();
        if (unknown != null && unknown.family() == target.family()) {
            return unknown.failure();
        }
        boolean wantsV4 = target.family() == AddressFamily.IPV4;
        String wanted = wantsV4 ? "IPv4" : "IPv6";
        String other = wantsV4 ? "IPv6" : "IPv4";
        return new RunFailure(
                FailureCode.NO_ADDRESS,
                target.host()
                        + (target.host().literal() == null
                                ? " has only " + other + " addresses"
                                : " is an " + other + " address")
                        + ", and the monitor asks for " + wanted + ".");
    }

    /** Blame is checked before it is laid: without an own route no network was unreachable. */
    private static FailureCode checked(IOException e, InetSocketAddress address) {
        FailureCode code = IoFailures.ofConnect(e);
        return code == FailureCode.NETWORK_UNREACHABLE && !hasRouteTo(address) ? FailureCode.NO_EGRESS : code;
    }

    /** Connecting a datagram socket asks the routing table and sends nothing. */
    private static boolean hasRouteTo(InetSocketAddress address) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    private static String sentence(FailureCode code, Target target, List<InetAddress> candidates) {
        String where = candidates.size() == 1
                ? candidates.getFirst().getHostAddress() + " port " + target.port()
                : "any of the " + candidates.size() + " addresses of " + target.host() + ", port " + target.port();
        return switch (code) {
            case CONNECTION_REFUSED -> "The connection to " + where + " was refused: nothing listens there.";
            case CONNECTION_RESET -> "The connection to " + where + " was reset before it stood.";
            case CONNECT_TIMEOUT ->
                "No answer from " + where + " within the time of the run: the host is silent, or the way to it.";
            case HOST_UNREACHABLE -> "The network says that " + where + " can't be reached.";
            case NETWORK_UNREACHABLE -> "There is no route to " + where + ".";
            case NO_EGRESS ->
                "This agent has no way to " + where + ": no own address of that family, no free socket, or not"
                        + " allowed to connect.";
            // Only the codes of TELLING get here.
            default -> "No connection to " + where + ".";
        };
    }

    /** Zero would mean for ever. */
    private static int millis(Duration share) {
        return Math.clamp(share.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The attempt has failed already and says why.
        }
    }
}
