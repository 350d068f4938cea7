package io.postwatch.controller.certificate;

import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of new certificates is kept per tenant and day (UTC), so that a server that shows another chain at every run
 * does not fill the database. What was stored is counted once per portion, not per certificate, and what is spent is
 * remembered until the day ends: asking costs no query. Several controllers, or uploads at the same moment, may exceed
 * the bound by a portion each. A transaction that is repeated takes twice and only counts sooner. Safe for all threads.
 */
final class DailyAllowance {
    /**
     * A certificate of a mail server has one to two kilobytes and its issuers are shared: 10,000 servers that are all
     * new on one day take about 20 MiB, and 55 MiB if each had two issuers of its own. Of the largest certificates
     * these are 4,000, where one monitor alone could show 86,000 a day.
     */
    static final long BYTES = 64L * 1024 * 1024;

    /** What a row takes besides the certificate, so that many tiny ones are bounded too. */
    static final int ROW_BYTES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(DailyAllowance.class);
    private static final int PORTIONS = 16;

    private final InstantSource clock;
    private final long bytes;
    private final Map<TenantId, Day> days = new ConcurrentHashMap<>();

    DailyAllowance(InstantSource clock, long bytes) {
        this.clock = clock;
        this.bytes = bytes;
    }

    /** What one tenant may store of the portion it was granted last. */
    private record Day(LocalDate date, long granted, boolean spent) {
        boolean covers(LocalDate today, long cost) {
            return date.equals(today) && granted >= cost;
        }

        boolean spentOn(LocalDate today) {
            return date.equals(today) && spent;
        }
    }

    /** Whether nothing more is kept today, as far as this controller has found. */
    boolean spent(TenantId tenant) {
        Day day = days.get(tenant);
        return day != null && day.spentOn(today());
    }

    /**
     * Those of the certificates that may be stored.
     *
     * @param storedSince what the tenant has stored since an instant, in bytes with {@link #ROW_BYTES} for each
     */
    List<byte[]> take(TenantId tenant, Collection<byte[]> certificates, ToLongFunction<Instant> storedSince) {
        if (spent(tenant)) {
            return List.of();
        }
        LocalDate today = today();
        long cost = certificates.stream().mapToLong(DailyAllowance::cost).sum();
        if (tookOfPortion(tenant, today, cost)) {
            return List.copyOf(certificates);
        }
        long left =
                Math.max(0, bytes - storedSince.applyAsLong(today.atStartOfDay().toInstant(ZoneOffset.UTC)));
        long portion = Math.min(left, Math.max(cost, bytes / PORTIONS));
        List<byte[]> fitting = new ArrayList<>();
        for (byte[] certificate : certificates) {
            if (cost(certificate) <= portion) {
                portion -= cost(certificate);
                fitting.add(certificate);
            }
        }
        boolean spent = fitting.size() < certificates.size();
        Day before = days.put(tenant, new Day(today, portion, spent));
        if (spent && (before == null || !before.spentOn(today))) {
            LOG.warn(
                    "Tenant {} was shown more than {} KiB of new certificates today: of further ones nothing but the"
                            + " fingerprint is kept until {}. A server may be showing another certificate at every run",
                    tenant,
                    bytes / 1024,
                    today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        return fitting;
    }

    private boolean tookOfPortion(TenantId tenant, LocalDate today, long cost) {
        boolean[] took = {false};
        days.computeIfPresent(tenant, (_, day) -> {
            took[0] = day.covers(today, cost);
            return took[0] ? new Day(today, day.granted() - cost, day.spent()) : day;
        });
        return took[0];
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static long cost(byte[] certificate) {
        return (long) certificate.length + ROW_BYTES;
    }
}
