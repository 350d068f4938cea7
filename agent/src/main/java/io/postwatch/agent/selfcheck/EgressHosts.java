package io.postwatch.agent.selfcheck;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.bounds.ServerText;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * SMTP servers of which whoever runs this agent knows that they are there: when none of those at a port answers, the way
 * out is blocked and no server is to blame.
 *
 * @param hosts at most {@value #MAX_HOSTS}, each once; none: the runs of monitors have to tell
 */
public record EgressHosts(List<Host> hosts) {

    public static final EgressHosts NONE = new EgressHosts(List.of());

    /** Each round asks until one answers: more than a few tell nothing more. */
    static final int MAX_HOSTS = 8;

    public EgressHosts {
        hosts = List.copyOf(hosts);
        if (hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException("at most " + MAX_HOSTS + " hosts are asked, not " + hosts.size());
        }
        if (hosts.stream().distinct().count() < hosts.size()) {
            throw new IllegalArgumentException("a host is named twice");
        }
    }

    SortedSet<Integer> ports() {
        return hosts.stream().map(Host::port).collect(Collectors.toCollection(TreeSet::new));
    }

    List<Host> at(int port) {
        return hosts.stream().filter(host -> host.port() == port).toList();
    }

    /**
     * One of them.
     *
     * @param port 1 to 65,535
     */
    public record Host(MailHost host, int port) {

        /** Of SMTP between servers (RFC 5321, section 4.5.4.2). */
        static final int SMTP = 25;

        public Host {
            Objects.requireNonNull(host, "host");
            Checks.port(port);
        }

        /** Reads {@code mx.example.net}, {@code mx.example.net:587}, {@code 192.0.2.1} or {@code [2001:db8::1]:25}. */
        public static Host of(String text) {
            boolean bracketed = text.startsWith("[");
            int colon = bracketed ? text.indexOf(':', text.indexOf(']')) : text.lastIndexOf(':');
            boolean bareV6 = !bracketed && text.indexOf(':') != colon;
            if (colon < 0 || bareV6) {
                return new Host(new MailHost(withoutBrackets(text)), SMTP);
            }
            try {
                return new Host(
                        new MailHost(withoutBrackets(text.substring(0, colon))),
                        Integer.parseInt(text.substring(colon + 1)));
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException(
                        "write a host like mx.example.net or mx.example.net:587, not " + ServerText.clean(text, 100),
                        malformed);
            }
        }

        private static String withoutBrackets(String text) {
            return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        }
    }
}
