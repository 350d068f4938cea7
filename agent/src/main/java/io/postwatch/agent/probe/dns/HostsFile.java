package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names that the owner of this machine has written into its hosts file, and {@code localhost} (RFC 6761, section 6.3),
 * which is never asked of anybody; every other name is passed on. A name in the file has the addresses it has there, and
 * no others.
 */
final class HostsFile implements NameLookup {

    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private final WatchedFile<Map<String, List<InetAddress>>> file;
    private final String source;
    private final NameLookup others;

    HostsFile(Path path, NameLookup others) {
        this.file = new WatchedFile<>(path, HostsFile::read);
        this.source = path.toString();
        this.others = others;
    }

    @Override
    public Answers lookup(MailHost name, AddressFamily wanted, Deadline deadline) {
        List<InetAddress> addresses = file.get().get(name.text());
        if (addresses == null) {
            boolean local = name.text().equals("localhost") || name.text().endsWith(".localhost");
            if (!local) {
                return others.lookup(name, wanted, deadline);
            }
            addresses = LOOPBACK;
        }
        return new Answers(
                answer(addresses, Inet4Address.class::isInstance),
                answer(addresses, address -> !(address instanceof Inet4Address)),
                List.of());
    }

    private Answer answer(List<InetAddress> addresses, Predicate<InetAddress> family) {
        List<InetAddress> found = addresses.stream().filter(family).toList();
        return found.isEmpty() ? new Answer.NoAddress(source, List.of()) : new Answer.Found(source, List.of(), found);
    }

    private static Map<String, List<InetAddress>> read(List<String> lines) {
        Map<String, List<InetAddress>> names = new HashMap<>();
        for (String line : lines) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            InetAddress address = literal(words[0]);
            for (int i = 1; i < words.length && address != null; i++) {
                names.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                        .add(address);
            }
        }
        return names;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return new MailHost(text).literal();
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
