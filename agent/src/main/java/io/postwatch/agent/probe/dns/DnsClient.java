package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A stub resolver (RFC 1034, section 5.3.1): asks the given servers, one after the other and twice round, for the
 * addresses of both families at once, until both questions are answered or the time is over. What one server leaves
 * open, by silence or by an answer that says nothing, the next is asked.
 *
 * <p>Called by many runs at once, on the thread of the run, which may be virtual: it starts none of its own, keeps
 * nothing between lookups, and the deadline closes the socket it waits on.
 */
public final class DnsClient implements NameLookup {

    private static final int ROUNDS = 2;

    /**
     * How long the other family is waited for once the one wanted is known. There are networks that lose every question
     * for AAAA; they shall not cost each run the whole limit, or a short one all of its time.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Supplier<List<InetSocketAddress>> servers;
    private final SecureRandom random;
    private final NanoTicker ticker;
    private final Duration limit;

    /**
     * Makes a client.
     *
     * @param servers asked in this order; at least one
     * @param random for the ids of questions: whoever can't read along must not be able to answer
     * @param limit of one lookup, besides the deadline of its run
     */
    public DnsClient(
            Supplier<List<InetSocketAddress>> servers, SecureRandom random, NanoTicker ticker, Duration limit) {
        this.servers = servers;
        this.random = random;
        this.ticker = ticker;
        this.limit = limit;
    }

    @Override
    public Answers lookup(MailHost name, AddressFamily wanted, Deadline deadline) {
        Duration left = deadline.remaining();
        long end = ticker.nanos() + (left.compareTo(limit) < 0 ? left : limit).toNanos();
        List<InetSocketAddress> asked = servers.get();
        Inquiry v4 = new Inquiry(name.text(), RecordType.A, wanted != AddressFamily.IPV6);
        Inquiry v6 = new Inquiry(name.text(), RecordType.AAAA, wanted != AddressFamily.IPV4);
        List<String> troubles = new ArrayList<>();
        int tries = asked.size() * ROUNDS;
        for (int i = 0; i < tries; i++) {
            List<Inquiry> open = Stream.of(v4, v6).filter(Inquiry::isOpen).toList();
            long now = ticker.nanos();
            if (open.isEmpty() || end - now <= 0 || isOver(deadline)) {
                break;
            }
            long until = now + (end - now) / (tries - i);
            new Exchange(asked.get(i % asked.size()), until, deadline, random, ticker).ask(open, troubles);
            if (v4.hasFoundWhatIsWanted() || v6.hasFoundWhatIsWanted()) {
                end = withGrace(end, ticker.nanos());
            }
        }
        return new Answers(v4.answer(), v6.answer(), troubles);
    }

    /** When to stop waiting for the other family: half of the time is left for what a run does next. */
    static long withGrace(long end, long now) {
        return now + Math.min(GRACE.toNanos(), (end - now) / 2);
    }

    private static boolean isOver(Deadline deadline) {
        return deadline.remaining().isZero() || Thread.currentThread().isInterrupted();
    }
}
