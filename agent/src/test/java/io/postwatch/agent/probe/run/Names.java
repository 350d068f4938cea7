package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.EHLO_NAME;
import static io.postwatch.agent.probe.run.ARun.LOOPBACK_ALLOWED;
import static io.postwatch.agent.probe.run.ARun.TICKER;

import io.postwatch.agent.probe.address.AddressPolicy;
import io.postwatch.agent.probe.dns.Answer;
import io.postwatch.agent.probe.dns.Answers;
import io.postwatch.agent.probe.dns.DnsClient;
import io.postwatch.agent.probe.dns.NameLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Probers that find addresses in another way than the machine does, and addresses where nobody is. */
final class Names {

    private Names() {}

    /** Every name has these addresses. */
    static MailProbe told(AddressPolicy policy, String... addresses) {
        return probe(
                (name, wanted, deadline) -> new Answers(answer(4, addresses), answer(16, addresses), List.of()),
                policy);
    }

    /** That server of names is the only one. */
    static MailProbe asking(Duration limit, InetSocketAddress server) {
        return probe(new DnsClient(() -> List.of(server), new SecureRandom(), TICKER, limit), LOOPBACK_ALLOWED);
    }

    static int aClosedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    static Answer answer(int length, String... addresses) {
        List<InetAddress> found = Stream.of(addresses)
                .map(InetAddress::ofLiteral)
                .filter(address -> address.getAddress().length == length)
                .toList();
        return found.isEmpty()
                ? new Answer.NoAddress("192.0.2.53", List.of())
                : new Answer.Found("192.0.2.53", List.of(), found);
    }

    /** Names are looked up in this way. */
    static MailProbe probe(NameLookup names, AddressPolicy policy) {
        return new MailProbe(names, policy, EHLO_NAME, InstantSource.system(), TICKER, List.of());
    }
}
