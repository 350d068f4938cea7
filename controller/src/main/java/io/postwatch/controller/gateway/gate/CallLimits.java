package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often those may ask that have proven nothing yet: in all, and from one network, which is an IPv4 address or the /64 of
 * an IPv6 one. Each network has a bucket of calls that fills up again steadily. Who is refused pays nothing, so whoever
 * waits gets in; who asked with something wrong pays for many calls. Enrolments and renewals have buckets of their own: who
 * guesses tokens keeps no neighbour behind the same address from renewing. Safe for all threads; never waits.
 */
public final class CallLimits {
    /** Networks that are remembered: those of which nothing was heard for longest are forgotten first. */
    static final int MOST_NETWORKS = 10_000;

    private static final int IPV6_PREFIX_BYTES = 8;

    private final Rates rates;
    private final NanoTicker ticker;
    private final Map<Kind, Buckets> buckets = new EnumMap<>(Kind.class);

    /** What is asked for. Each counts by itself. */
    public enum Kind {
        /** A nonce, of which every enrolment and every renewal takes one. It costs so little that it is not bounded in all. */
        CHALLENGE(2, false),
        ENROLMENT(1, true),
        RENEWAL(1, true);

        private final int share;
        private final boolean boundedInAll;

        Kind(int share, boolean boundedInAll) {
            this.share = share;
            this.boundedInAll = boundedInAll;
        }
    }

    /**
     * How much.
     *
     * @param perSecond calls of one network
     * @param burst calls of one network at once
     * @param allPerSecond calls in all
     * @param allBurst calls in all at once
     * @param wrongCost for how many calls one counts that asks with something wrong, besides itself
     */
    public record Rates(int perSecond, int burst, int allPerSecond, int allBurst, int wrongCost) {
        public Rates {
            if (perSecond < 1 || burst < 1 || allPerSecond < 1 || allBurst < 1 || wrongCost < 0) {
                throw new IllegalArgumentException("Rates of calls are positive");
            }
        }
    }

    public CallLimits(Rates rates, NanoTicker ticker) {
        this.rates = rates;
        this.ticker = ticker;
        for (Kind kind : Kind.values()) {
            buckets.put(kind, new Buckets(kind));
        }
    }

    /** Takes one call; or answers how long it takes until there is one, and takes none. */
    public Duration take(Kind kind, InetAddress from) {
        return of(kind).take(network(from), ticker.nanos());
    }

    /** One that was taken asked with something wrong. */
    public void wrong(Kind kind, InetAddress from) {
        of(kind).charge(network(from), ticker.nanos());
    }

    private Buckets of(Kind kind) {
        Buckets of = buckets.get(kind);
        if (of == null) {
            throw new IllegalStateException("Every kind has its buckets");
        }
        return of;
    }

    int networks(Kind kind) {
        return of(kind).size();
    }

    static Bytes network(InetAddress from) {
        byte[] address = from.getAddress();
        return Bytes.of(from instanceof Inet6Address ? Arrays.copyOf(address, IPV6_PREFIX_BYTES) : address);
    }

    /** Calls that may be made at a time. {@code level} is below zero after one that was wrong. */
    private record Bucket(double level, long at) {
        Bucket filled(double perSecond, double burst, long now) {
            double more = (now - at) * perSecond / Duration.ofSeconds(1).toNanos();
            return new Bucket(Math.min(burst, level + more), now);
        }

        Bucket less(double calls, double burst) {
            return new Bucket(Math.max(-burst, level - calls), at);
        }

        /** Until there is a call. */
        Duration lacks(double perSecond) {
            return level >= 1
                    ? Duration.ZERO
                    : Duration.ofNanos((long) Math.ceil(
                            (1 - level) / perSecond * Duration.ofSeconds(1).toNanos()));
        }
    }

    private final class Buckets {
        private final double perSecond;
        private final double burst;
        private final double allPerSecond;
        private final double allBurst;
        private final boolean boundedInAll;
        private final Map<Bytes, Bucket> networks = new LinkedHashMap<>(16, 0.75f, true);
        private Bucket all;

        Buckets(Kind kind) {
            perSecond = (double) rates.perSecond() * kind.share;
            burst = (double) rates.burst() * kind.share;
            allPerSecond = (double) rates.allPerSecond() * kind.share;
            allBurst = (double) rates.allBurst() * kind.share;
            boundedInAll = kind.boundedInAll;
            all = new Bucket(allBurst, ticker.nanos());
        }

        synchronized Duration take(Bytes network, long now) {
            Bucket mine = now(network, now);
            Bucket ours = all.filled(allPerSecond, allBurst, now);
            Duration lack = mine.lacks(perSecond);
            if (boundedInAll) {
                lack = max(lack, ours.lacks(allPerSecond));
            }
            boolean taken = lack.isZero();
            all = taken ? ours.less(1, allBurst) : ours;
            put(network, taken ? mine.less(1, burst) : mine);
            return lack;
        }

        synchronized void charge(Bytes network, long now) {
            put(network, now(network, now).less(rates.wrongCost(), burst));
        }

        synchronized int size() {
            return networks.size();
        }

        private Bucket now(Bytes network, long now) {
            return networks.getOrDefault(network, new Bucket(burst, now)).filled(perSecond, burst, now);
        }

        private void put(Bytes network, Bucket bucket) {
            networks.put(network, bucket);
            if (networks.size() > MOST_NETWORKS) {
                networks.remove(networks.keySet().iterator().next());
            }
        }

        private static Duration max(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? other : one;
        }
    }
}
