package io.postwatch.agent.probe.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The resolvers of this machine, as {@code resolv.conf} has them: the first three, or the one on this machine where it
 * names none. Its search list and its options are not read: a monitored host is an absolute name, and how long to wait
 * is the prober's matter.
 */
final class NameServers implements Supplier<List<InetSocketAddress>> {

    private static final int MAX_SERVERS = 3;
    private static final int PORT = 53;

    private final WatchedFile<List<InetSocketAddress>> file;

    NameServers(Path resolvConf) {
        this.file = new WatchedFile<>(resolvConf, NameServers::read);
    }

    @Override
    public List<InetSocketAddress> get() {
        return file.get();
    }

    private static List<InetSocketAddress> read(List<String> lines) {
        List<InetSocketAddress> servers = lines.stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .flatMap(words -> literal(words[1]))
                .map(address -> new InetSocketAddress(address, PORT))
                .limit(MAX_SERVERS)
                .toList();
        return servers.isEmpty() ? List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)) : servers;
    }

    /** Unlike a target, a resolver may be link-local, with a zone. */
    private static Stream<InetAddress> literal(String text) {
        try {
            return Stream.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException unusable) {
            return Stream.empty();
        }
    }
}
