package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.dns.Answer;
import io.postwatch.agent.probe.dns.Answers;
import io.postwatch.agent.probe.dns.NameLookup;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the answers about a name into its addresses, or into the failure of a run. Called by many runs at once. */
final class Resolver {

    private static final int MAX_ADDRESSES = 16;

    private final NameLookup names;

    Resolver(NameLookup names) {
        this.names = names;
    }

    /**
     * Every address of a host, at most {@value #MAX_ADDRESSES}, IPv4 first and in ascending order: servers of names
     * shuffle them, and runs that take turns over the addresses need an order that stays. One family may be missing
     * because nobody told it in time.
     *
     * @param wanted the family that the run is after
     */
    Resolution resolve(MailHost host, AddressFamily wanted, Deadline deadline) throws RunFailure {
        InetAddress literal = host.literal();
        if (literal != null) {
            return Resolution.ofLiteral(literal);
        }
        Answers answers = names.lookup(host, wanted, deadline);
        if (IoFailures.isCancelled(deadline)) {
            throw IoFailures.cancelled();
        }
        List<Answer.Found> found = Stream.of(answers.v4(), answers.v6())
                .filter(Answer.Found.class::isInstance)
                .map(Answer.Found.class::cast)
                .toList();
        if (found.isEmpty()) {
            throw failure(host, answers);
        }
        List<InetAddress> all = found.stream()
                .flatMap(answer -> answer.addresses().stream())
                .distinct()
                .sorted(Comparator.comparingInt((InetAddress address) -> address.getAddress().length)
                        .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned))
                .toList();
        List<InetAddress> kept = atMost(all);
        Resolution.Unknown unknown = unknown(host, answers);
        List<String> notes = new ArrayList<>();
        answers.troubles().forEach(trouble -> notes.add("Looking up " + host + ": " + trouble + "."));
        if (unknown != null) {
            notes.add(unknown.failure().message() + " The run goes on with the other family.");
        }
        if (kept.size() < all.size()) {
            notes.add(host + " has " + all.size() + " addresses; " + kept.size() + " are used.");
        }
        return new Resolution(
                all, kept, found.getFirst().aliases(), found.getFirst().resolver(), notes, unknown);
    }

    /** Neither family loses all its addresses to the other. */
    private static List<InetAddress> atMost(List<InetAddress> sorted) {
        int v4 = (int) sorted.stream().filter(Inet4Address.class::isInstance).count();
        int v6 = sorted.size() - v4;
        int keptV6 = Math.min(v6, Math.max(MAX_ADDRESSES / 2, MAX_ADDRESSES - v4));
        int keptV4 = Math.min(v4, MAX_ADDRESSES - keptV6);
        return Stream.concat(
                        sorted.stream().limit(keptV4), sorted.stream().skip(v4).limit(keptV6))
                .toList();
    }

    private static Resolution.@Nullable Unknown unknown(MailHost host, Answers answers) {
        if (answers.v4() instanceof Answer.Unanswered v4) {
            return new Resolution.Unknown(AddressFamily.IPV4, unanswered("The IPv4 addresses of " + host, v4));
        }
        return answers.v6() instanceof Answer.Unanswered v6
                ? new Resolution.Unknown(AddressFamily.IPV6, unanswered("The IPv6 addresses of " + host, v6))
                : null;
    }

    /** Only a known answer says that a name does not exist, or has no address; anything else says that there was none. */
    private static RunFailure failure(MailHost host, Answers answers) {
        List<Answer> both = List.of(answers.v4(), answers.v6());
        for (Answer answer : both) {
            if (answer instanceof Answer.NoSuchName(String resolver, List<String> aliases)
                    && both.stream().noneMatch(Answer.NoAddress.class::isInstance)) {
                return new RunFailure(
                        FailureCode.NAME_NOT_FOUND,
                        "The name " + chain(host, aliases) + " does not exist: " + resolver + " answered NXDOMAIN.");
            }
        }
        for (Class<? extends Answer.Unanswered> kind :
                List.of(Answer.Failed.class, Answer.TimedOut.class, Answer.Unreachable.class)) {
            for (Answer answer : both) {
                if (kind.isInstance(answer)) {
                    return unanswered("The name " + host, kind.cast(answer));
                }
            }
        }
        Answer.NoAddress none = both.stream()
                .filter(Answer.NoAddress.class::isInstance)
                .map(Answer.NoAddress.class::cast)
                .findFirst()
                .orElseThrow();
        return new RunFailure(
                FailureCode.NO_ADDRESS,
                "The name " + chain(host, none.aliases()) + " exists but has no address, says " + none.resolver()
                        + ".");
    }

    private static RunFailure unanswered(String what, Answer.Unanswered answer) {
        return switch (answer) {
            case Answer.Failed(String reason) ->
                new RunFailure(FailureCode.DNS_FAILURE, what + " could not be looked up: " + reason + ".");
            case Answer.TimedOut(String reason) ->
                new RunFailure(FailureCode.DNS_TIMEOUT, what + " could not be looked up in time: " + reason + ".");
            case Answer.Unreachable(String reason) ->
                new RunFailure(
                        FailureCode.NO_EGRESS,
                        what + " could not be looked up, because this agent has nobody to ask: " + reason + ".");
        };
    }

    private static String chain(MailHost host, List<String> aliases) {
        return aliases.isEmpty() ? host.text() : host + " leads to " + aliases.getLast() + ", which";
    }
}
