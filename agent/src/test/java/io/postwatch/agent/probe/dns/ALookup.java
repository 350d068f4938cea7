package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Lookups of one name at scripted servers, and what is expected of them. */
final class ALookup {

    private ALookup() {}

    static final NanoTicker TICKER = System::nanoTime;
    static final MailHost NAME = new MailHost("mail.example.org");
    static final String HOST = NAME.text();

    /** For what has to come; a busy machine may take its time. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    /** For what has to stay away. */
    static final Duration SHORT = Duration.ofMillis(400);

    static Answers lookup(Duration limit, ScriptedDns... servers) {
        return lookup(
                client(limit, Stream.of(servers).map(ScriptedDns::address).toArray(InetSocketAddress[]::new)),
                Duration.ofMinutes(1));
    }

    static Answers lookup(DnsClient client, Duration timeout) {
        try (Deadline deadline = Deadline.after(timeout, TICKER)) {
            return client.lookup(NAME, AddressFamily.ANY, deadline);
        }
    }

    static DnsClient client(Duration limit, InetSocketAddress... servers) {
        return new DnsClient(() -> List.of(servers), new SecureRandom(), TICKER, limit);
    }

    static Answer.Found found(ScriptedDns server, List<String> aliases, String address) {
        return new Answer.Found(text(server), aliases, List.of(InetAddress.ofLiteral(address)));
    }

    static String text(ScriptedDns server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
