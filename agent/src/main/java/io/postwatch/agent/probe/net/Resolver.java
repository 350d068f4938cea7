package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Looks names up with the resolver of this machine, within 5 s and the run's deadline.
 *
 * <p>Called by many runs at once. The lookups themselves are native calls that nothing can interrupt: they have platform
 * threads of their own, at most {@value #MAX_LOOKUPS}, and a run that would need one more is told that this agent is
 * overloaded instead of blaming the name.
 */
public final class Resolver {

    /** How a name is looked up; the JDK's way, or a test's. */
    @FunctionalInterface
    public interface Lookup {

        InetAddress[] addressesOf(String name) throws UnknownHostException;
    }

    private static final int MAX_LOOKUPS = 64;
    private static final int MAX_ADDRESSES = 16;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    static {
        // A prober asks anew in every run; the JDK would answer from its memory for 30 s.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private final Lookup lookup;
    private final Duration limit;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MAX_LOOKUPS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("lookup-", 0).factory());

    /** With the resolver of this machine. */
    public Resolver() {
        this(InetAddress::getAllByName, LIMIT);
    }

    /** With another way to look names up, which may take that long. */
    public Resolver(Lookup lookup, Duration limit) {
        this.lookup = lookup;
        this.limit = limit;
    }

    /**
     * Every address of a host, at most {@value #MAX_ADDRESSES}, IPv4 first and in ascending order: servers of names
     * shuffle them, and runs that take turns over the addresses need an order that stays.
     */
    public List<InetAddress> resolve(MailHost host, Deadline deadline) throws RunFailure {
        InetAddress literal = host.literal();
        if (literal != null) {
            return List.of(literal);
        }
        Future<InetAddress[]> answer;
        try {
            answer = threads.submit(() -> lookup.addressesOf(host.text()));
        } catch (RejectedExecutionException e) {
            throw new RunFailure(
                    FailureCode.OVERLOADED, "This agent waits for " + MAX_LOOKUPS + " other names already.");
        }
        try (Deadline.Registration _ = deadline.register(() -> answer.cancel(true))) {
            return Stream.of(answer.get(limit.toNanos(), TimeUnit.NANOSECONDS))
                    .distinct()
                    .sorted(Comparator.comparingInt((InetAddress address) -> address.getAddress().length)
                            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned))
                    .limit(MAX_ADDRESSES)
                    .toList();
        } catch (TimeoutException | CancellationException e) {
            answer.cancel(true);
            if (deadline.isCancelled()) {
                throw IoFailures.cancelled();
            }
            throw new RunFailure(FailureCode.DNS_TIMEOUT, "The name " + host + " was not resolved in time.");
        } catch (ExecutionException e) {
            throw notResolved(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw IoFailures.cancelled();
        }
    }

    /** The JDK tells the reason in words only: those of getaddrinfo. */
    private static RunFailure notResolved(MailHost host, ExecutionException e) {
        String reason = String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        if (reason.contains("No address associated")) {
            return new RunFailure(FailureCode.NO_ADDRESS, "The name " + host + " exists but has no address.");
        }
        if (reason.contains("Name or service not known") || reason.contains("nodename nor servname")) {
            return new RunFailure(FailureCode.NAME_NOT_FOUND, "The name " + host + " does not exist.");
        }
        // Only a known answer says that a name does not exist; anything else says that there was none.
        return new RunFailure(FailureCode.DNS_FAILURE, "Looking up the name " + host + " gave no usable answer.");
    }
}
