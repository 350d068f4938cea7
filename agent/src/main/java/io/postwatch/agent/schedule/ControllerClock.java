package io.postwatch.agent.schedule;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's time on this host: a monotonic clock plus an offset that is measured with every heartbeat.
 *
 * <p>Of the last samples the one with the shortest round trip counts, since half of that is the most its error can be.
 * Where a sample and an older one can't both be right, time has jumped on either side, as it does on a host that was
 * suspended: the older one counts no more.
 *
 * <p>The offset from the host's wall clock is kept on disk for the next start without a controller, and with it the latest
 * moment that was taken for now; where there is none the wall clock serves and is {@linkplain #isSuspect suspect}. A start
 * at which it is earlier than that is suspect too.
 *
 * <p>Both clocks of this machine are looked at together. Where the wall clock has gone on and the monotonic one has not, the
 * machine slept, and time went on; the wall clock is believed until a controller is asked. Where the wall clock went back,
 * or now agrees better with the controller's than before, somebody set it, and time goes on as if nothing had happened.
 *
 * <p>Safe for use by several threads. Only {@link #sample} and {@link #keep} may wait for the disk.
 */
public final class ControllerClock implements InstantSource {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerClock.class);
    private static final int SAMPLES = 8;

    /** By this much two clocks drift apart within the samples: 0.1 % of a minute, rounded up. */
    private static final Duration DRIFT = Duration.ofMillis(100);

    /** Results may lie as far ahead of the controller's time; those for later moments are refused. */
    static final Duration SET_BACK = Duration.ofMinutes(5);

    /** By less than this nobody sets a clock, and no machine sleeps. */
    private static final Duration LEAP = Duration.ofSeconds(2);

    /** Where the thread had to wait between them, two looks at two clocks are not of one moment. */
    private static final long ONE_MOMENT_NANOS = Duration.ofMillis(500).toNanos();

    private final NanoTicker ticker;
    private final InstantSource wallClock;
    private final PrivateFolder folder;
    private final ReentrantLock writing = new ReentrantLock();

    /** All below are guarded by this clock. */
    private final Deque<TimeSample> samples = new ArrayDeque<>();

    private long baseNanos;
    private Instant base;
    private Duration offset;
    private boolean suspect;
    private Instant latest;
    private long seenNanos;
    private Instant seenWall;
    private long wokenNanos;
    private KeptTime kept;

    public ControllerClock(NanoTicker ticker, InstantSource wallClock, PrivateFolder folder) {
        this.ticker = ticker;
        this.wallClock = wallClock;
        this.folder = folder;
        this.kept = KeptTime.read(folder);
        this.offset = kept.offset();
        this.suspect = kept.suspect();
        this.baseNanos = ticker.nanos();
        this.seenNanos = baseNanos;
        this.wokenNanos = baseNanos;
        this.seenWall = wallClock.instant();
        this.base = seenWall.plus(offset);
        this.latest = base;
        wasUsed(kept.latest());
    }

    /** The controller's time now, as well as it is known. */
    @Override
    public synchronized Instant instant() {
        long nanos = lookAtBothClocks();
        Instant now = base.plusNanos(nanos - baseNanos);
        if (now.isAfter(latest) || isSetBack(latest, now)) {
            latest = now;
        }
        return now;
    }

    private long lookAtBothClocks() {
        long before = ticker.nanos();
        Instant wall = wallClock.instant();
        long nanos = ticker.nanos();
        if (nanos - before > ONE_MOMENT_NANOS) {
            return nanos;
        }
        Duration leap = Duration.between(seenWall.plusNanos(nanos - seenNanos), wall);
        seenNanos = nanos;
        seenWall = wall;
        if (leap.abs().compareTo(LEAP) > 0) {
            if (leap.isNegative() || offset.minus(leap).abs().compareTo(offset.abs()) < 0) {
                LOG.info("The wall clock of this machine was set by {}; the time of the controller goes on", leap);
                offset = offset.minus(leap);
            } else {
                LOG.warn(
                        "The machine slept for {}, or its clock was set: results are suspect until a controller is asked",
                        leap);
                base = base.plus(leap);
                wokenNanos = nanos;
                samples.clear();
                suspect = true;
            }
        }
        return nanos;
    }

    /** Whether results for the one moment are refused at the other. */
    static boolean isSetBack(Instant latest, Instant now) {
        return latest.isAfter(now.plus(SET_BACK));
    }

    /** Whether the time is a guess, since no controller was asked after the clocks last left it open. */
    public synchronized boolean isSuspect() {
        return suspect;
    }

    /**
     * The latest moment that was ever taken for now. It lies in the future where time went back a little: by less than
     * that for which results are refused.
     */
    public synchronized Instant latest() {
        instant();
        return latest;
    }

    /**
     * At the start: what was run since the file was written last is known to whoever has the results.
     *
     * @param newestUpTo answers the newest moment that a result is there for, not after its bound, where there is any.
     *     Later ones were made by a clock that was wrong, as a controller said meanwhile
     */
    public void recall(Function<Instant, Optional<Instant>> newestUpTo) {
        Instant bound;
        synchronized (this) {
            Instant known = kept.latest();
            bound = known.equals(Instant.MIN) ? Instant.MAX : known.plus(KeptTime.AGE.multipliedBy(2));
        }
        newestUpTo.apply(bound).ifPresent(newest -> {
            // It may be known in whole milliseconds only.
            wasUsed(newest.plusMillis(1));
        });
    }

    /** A clock that shows less than what was the time once is wrong; by how much nobody knows. */
    private synchronized void wasUsed(Instant used) {
        Instant now = instant();
        if (!used.isAfter(now)) {
            return;
        }
        Duration back = Duration.between(now, used);
        if (back.compareTo(LEAP) > 0) {
            LOG.warn(
                    "This clock is {} behind what it showed before: results are suspect until a controller is asked",
                    back);
            suspect = true;
        }
        if (isSetBack(used, now)) {
            base = base.plus(back);
            offset = offset.plus(back);
        }
        latest = used.isAfter(latest) ? used : latest;
    }

    /** Takes a measurement into account. Of one during which the machine slept nobody knows how old its answer is. */
    public void sample(TimeSample sample) {
        synchronized (this) {
            lookAtBothClocks();
            if (sample.askedNanos() - wokenNanos < 0) {
                return;
            }
            samples.removeIf(earlier -> earlier.contradicts(sample, DRIFT));
            samples.addLast(sample);
            if (samples.size() > SAMPLES) {
                samples.removeFirst();
            }
            TimeSample best = sample;
            for (TimeSample other : samples) {
                if (other.roundTripNanos() < best.roundTripNanos()) {
                    best = other;
                }
            }
            baseNanos = best.middleNanos();
            base = best.controllerTime();
            offset = Duration.between(wallClock.instant(), instant());
            suspect = false;
        }
        keep();
    }

    /** A new controller may have another clock than the one before. */
    public synchronized void forgetSamples() {
        samples.clear();
    }

    /**
     * Keeps for the next start what is known, where that is news or what was kept is a minute old; else it costs nothing.
     * Where somebody is at it already nothing is waited for.
     */
    public void keep() {
        if (writing.tryLock()) {
            try {
                keep(false);
            } finally {
                writing.unlock();
            }
        }
    }

    /** Keeps what is known, to the moment. */
    public void keepNow() {
        writing.lock();
        try {
            keep(true);
        } finally {
            writing.unlock();
        }
    }

    /** Called with the lock for writing, and without the clock's own: nobody who asks for the time waits for the disk. */
    private void keep(boolean inAnyCase) {
        KeptTime next;
        synchronized (this) {
            next = new KeptTime(offset, latest(), suspect);
            if (!inAnyCase && !next.isNews(kept)) {
                return;
            }
            // Also where it fails: a disk that is full is not asked with every run.
            kept = next;
        }
        next.write(folder);
    }
}
