package io.postwatch.agent.probe.dns;

import io.postwatch.agent.probe.ChallengeName;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.TextLookup;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A stub resolver (RFC 1034, section 5.3.1): asks the given servers, one after the other and twice round, for the
 * addresses of both families at once, or for the texts of a name, until the questions are answered or the time is over.
 * What one server leaves open, by silence or by an answer that says nothing, the next is asked.
 *
 * <p>Called by many runs at once, on the thread of the run, which may be virtual: it starts none of its own, keeps
 * nothing between lookups, and the deadline closes the socket it waits on.
 */
public final class DnsClient implements NameLookup, TextLookup {

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

    /** Asks the resolvers of {@code /etc/resolv.conf}. The hosts file knows no texts. */
    public static TextLookup textsOfThisMachine(NanoTicker ticker) {
        return new DnsClient(
                new NameServers(Path.of("/etc/resolv.conf")), new SecureRandom(), ticker, TextLookup.LIMIT);
    }

    @Override
    public Answers lookup(MailHost name, AddressFamily wanted, Deadline deadline) {
        Inquiry v4 = new Inquiry(name.text(), RecordType.A, wanted != AddressFamily.IPV6);
        Inquiry v6 = new Inquiry(name.text(), RecordType.AAAA, wanted != AddressFamily.IPV4);
        List<String> troubles = ask(List.of(v4, v6), deadline);
        return new Answers(v4.answer(), v6.answer(), troubles);
    }

    @Override
    public TextAnswer texts(ChallengeName name, Deadline deadline) {
        Inquiry texts = new Inquiry(name.text(), RecordType.TXT, true);
        ask(List.of(texts), deadline);
        return switch (texts.answer()) {
            case Answer.Texts(var _, List<String> aliases, List<String> found) -> new TextAnswer.Told(aliases, found);
            case Answer.NoSuchName(var _, List<String> aliases) -> new TextAnswer.Told(aliases, List.of());
            case Answer.Unanswered unanswered -> new TextAnswer.Unknown(unanswered.reason());
            case Answer.Found _, Answer.NoAddress _ ->
                throw new IllegalStateException("The question was for texts, not for addresses");
        };
    }

    /** Answers what went wrong on the way. */
    private List<String> ask(List<Inquiry> inquiries, Deadline deadline) {
        Duration left = deadline.remaining();
        long end = ticker.nanos() + (left.compareTo(limit) < 0 ? left : limit).toNanos();
        List<InetSocketAddress> asked = servers.get();
        List<String> troubles = new ArrayList<>();
        int tries = asked.size() * ROUNDS;
        for (int i = 0; i < tries; i++) {
            List<Inquiry> open = inquiries.stream().filter(Inquiry::isOpen).toList();
            long now = ticker.nanos();
            if (open.isEmpty() || end - now <= 0 || isOver(deadline)) {
                break;
            }
            long until = now + (end - now) / (tries - i);
            new Exchange(asked.get(i % asked.size()), until, deadline, random, ticker).ask(open, troubles);
            if (inquiries.stream().anyMatch(Inquiry::hasFoundWhatIsWanted)) {
                end = withGrace(end, ticker.nanos());
            }
        }
        return troubles;
    }

    /** When to stop waiting for the other family: half of the time is left for what a run does next. */
    static long withGrace(long end, long now) {
        return now + Math.min(GRACE.toNanos(), (end - now) / 2);
    }

    private static boolean isOver(Deadline deadline) {
        return deadline.remaining().isZero() || Thread.currentThread().isInterrupted();
    }
}
