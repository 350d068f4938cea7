package io.postwatch.agent.schedule;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
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
 * <p>What was measured goes on by the monotonic clock. The wall clock is believed only where no controller answered for
 * three heartbeats and it leapt ahead of that: then the machine slept, or somebody set it, and the time is a guess, {@linkplain
 * #isSuspect suspect} until a controller is asked. The guess is always made from the offset that was measured and made anew
 * with the next leap; nothing is ever measured by it.
 *
 * <p>For the next start without a controller the measured offset is kept on disk, and the latest moment that was known to be
 * now: a wall clock that is behind it is wrong.
 *
 * <p>Safe for use by several threads. Only {@link #sample} and {@link #keep} may wait for the disk.
 */
public final class ControllerClock implements ControllerTime {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerClock.class);
    private static final int SAMPLES = 8;

    /** By this much two clocks drift apart within the samples: 0.1 % of a minute, rounded up. */
    private static final Duration DRIFT = Duration.ofMillis(100);

    /** Results may lie as far ahead of the controller's time; those for later moments are refused. */
    static final Duration SET_BACK = Duration.ofMinutes(5);

    /** By less than this nobody sets a clock, and no machine sleeps. */
    static final Duration LEAP = Duration.ofSeconds(2);

    /** Three heartbeats: as long as an answer is that young, the next one tells what a leap of the wall clock meant. */
    private static final long ANSWER_NANOS = Duration.ofSeconds(24).toNanos();

    /** Where the thread had to wait between them, two looks at two clocks are not of one moment. */
    private static final long ONE_MOMENT_NANOS = Duration.ofMillis(500).toNanos();

    private final NanoTicker ticker;
    private final InstantSource wallClock;
    private final PrivateFolder folder;
    private final ReentrantLock writing = new ReentrantLock();

    /** All below are guarded by this clock. */
    private final Deque<TimeSample> samples = new ArrayDeque<>();

    /** What was measured, or what the start began with, and when on the monotonic clock. */
    private Instant base;

    private long baseNanos;

    /** Of the controller's time from the wall clock, as measured last. */
    private Duration offset;

    /** The guess: by how much more than the monotonic clock counted it is later. */
    private Duration ahead;

    /** The guess of the start, for as long as the wall clock is behind what was known. */
    private Duration aheadAtStart;

    /** Whether the wall clock was seen to show the controller's time itself, whatever the offset was when it was measured. */
    private boolean putRight;

    /** Whether the wall clock leapt and nobody has said yet what that meant. */
    private boolean leapt;

    private boolean answered;
    private long answeredNanos;
    private boolean suspect;
    private Instant known;
    private Instant latest;

    /** Of an earlier process of this agent. */
    private Instant latestBefore;

    /** What an earlier process ran. */
    private Function<Instant, Optional<Instant>> newestUpTo = bound -> Optional.empty();

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
        this.known = kept.known();
        this.latestBefore = kept.latest();
        this.baseNanos = ticker.nanos();
        this.seenNanos = baseNanos;
        this.wokenNanos = baseNanos;
        this.seenWall = wallTime();
        this.base = atStart(seenWall);
        boolean isWallWrong = base.equals(known);
        this.aheadAtStart =
                isWallWrong && kept.latest().isAfter(known) ? Duration.between(known, kept.latest()) : Duration.ZERO;
        this.ahead = aheadAtStart;
        Instant now = base.plus(ahead);
        this.latest = kept.latest().isAfter(now) ? kept.latest() : now;
        if (isBehind(base, known) || !base.equals(seenWall.plus(offset))) {
            LOG.warn(
                    "The wall clock is behind the time that was known: results are suspect until a controller is asked");
            suspect = true;
        }
    }

    /** The wall clock with what was measured, if that can be; else with what was used last, or what was known last. */
    private Instant atStart(Instant wall) {
        Instant measured = wall.plus(offset);
        if (!isBehind(measured, known)) {
            return measured;
        }
        Instant used = wall.plus(kept.used());
        if (!isBehind(used, known)) {
            return used;
        }
        return isSetBack(known, measured) ? known : measured;
    }

    private Instant wallTime() {
        Instant wall = wallClock.instant();
        return wall.isAfter(KeptTime.LAST) ? KeptTime.LAST : wall.isBefore(Instant.EPOCH) ? Instant.EPOCH : wall;
    }

    private static boolean isBehind(Instant time, Instant other) {
        return other.isAfter(time.plus(LEAP));
    }

    private static boolean isNear(Instant time, Instant other) {
        return !isBehind(time, other) && !isBehind(other, time);
    }

    /** The controller's time now, as well as it is known. */
    @Override
    public synchronized Instant instant() {
        Instant now = counted(lookAtBothClocks()).plus(ahead);
        if (now.isAfter(latest) || isSetBack(latest, now)) {
            latest = now;
        }
        if (answered && !suspect && now.isAfter(known)) {
            known = now;
        }
        return now;
    }

    private Instant counted(long nanos) {
        return base.plusNanos(nanos - baseNanos);
    }

    private long lookAtBothClocks() {
        long before = ticker.nanos();
        Instant wall = wallTime();
        long nanos = ticker.nanos();
        if (nanos - before > ONE_MOMENT_NANOS) {
            return nanos;
        }
        Duration leap = Duration.between(seenWall.plusNanos(nanos - seenNanos), wall);
        seenNanos = nanos;
        seenWall = wall;
        if (leap.abs().compareTo(LEAP) > 0) {
            leapt = true;
            if (leap.isPositive()) {
                LOG.warn(
                        "The machine slept for {}, or its clock was set: results are suspect until a controller is asked",
                        leap);
                wokenNanos = nanos;
                samples.clear();
                suspect = true;
            } else {
                LOG.info("The wall clock of this machine was set by {}", leap);
            }
        }
        boolean isAnswerYoung = answered && nanos - answeredNanos < ANSWER_NANOS;
        if (leapt && !isAnswerYoung) {
            leapt = false;
            ahead = guess(counted(nanos), wall);
        }
        return nanos;
    }

    /** By how much it is later than what was counted, by the wall clock. */
    private Duration guess(Instant counted, Instant wall) {
        // What no controller said in this life of the agent holds nothing back.
        if (answered && isNear(wall.plus(offset), counted)) {
            putRight = false;
            return Duration.ZERO;
        }
        if (answered && isNear(wall, counted)) {
            putRight = true;
            return Duration.ZERO;
        }
        Instant believed = putRight ? wall : wall.plus(offset);
        if (believed.isBefore(counted)) {
            return aheadAtStart;
        }
        aheadAtStart = Duration.ZERO;
        suspect = true;
        return Duration.between(counted, believed);
    }

    /** Whether results for the one moment are refused at the other. */
    static boolean isSetBack(Instant latest, Instant now) {
        return latest.isAfter(now.plus(SET_BACK));
    }

    /** Whether the time is a guess, since no controller was asked after the clocks last left it open. */
    @Override
    public synchronized boolean isSuspect() {
        return suspect;
    }

    /** A machine that was switched off for days and one whose clock was set days ahead look the same until then. */
    @Override
    public synchronized boolean isConfirmed() {
        return answered && !suspect;
    }

    /**
     * The latest moment that was ever taken for now. It lies in the future where time went back a little: by less than
     * that for which results are refused.
     */
    public synchronized Instant latest() {
        instant();
        return latest;
    }

    /** The latest moment that an earlier process of this agent took for now; {@link Instant#MIN} where there was none. */
    public synchronized Instant latestBefore() {
        return latestBefore;
    }

    /**
     * At the start: what was run since the file was written last is known to whoever has the results.
     *
     * @param newestUpTo answers the newest moment that a result is there for, not after its bound, where there is any.
     *     Later ones were made by a clock that was wrong, as a controller said meanwhile. What is stored after the start
     *     is none of its business
     */
    public void recall(Function<Instant, Optional<Instant>> newestUpTo) {
        Instant bound;
        synchronized (this) {
            this.newestUpTo = newestUpTo;
            Instant until = kept.latest();
            // Those that were taken for later moments, by so much, are not refused.
            bound = until.equals(Instant.MIN) ? Instant.MAX : until.plus(SET_BACK);
        }
        newestUpTo.apply(bound).ifPresent(newest -> {
            // It may be known in whole milliseconds only.
            wasUsed(newest.plusMillis(1));
        });
    }

    /**
     * Once a controller said that this is the time. What an earlier process took for now may have been so far ahead in the end
     * that its results are refused; what it ran before, by a clock that was less ahead, counts.
     *
     * @return the latest moment that an earlier process ran and that isn't refused; where no result is left,
     *     {@link #latestBefore}
     */
    Instant ranBefore(Instant now) {
        Function<Instant, Optional<Instant>> ran;
        synchronized (this) {
            ran = newestUpTo;
        }
        Optional<Instant> newest = ran.apply(now.plus(SET_BACK)).map(at -> at.plusMillis(1));
        synchronized (this) {
            latestBefore = newest.orElse(latestBefore);
            return latestBefore;
        }
    }

    private synchronized void wasUsed(Instant used) {
        Instant now = instant();
        if (isBehind(now, used)) {
            LOG.warn("There are results of {}, which is later than now: this clock is suspect", used);
            suspect = true;
        }
        if (isSetBack(used, now) && !kept.isGuess()) {
            base = base.plus(Duration.between(now, used));
        }
        latest = used.isAfter(latest) ? used : latest;
        latestBefore = used.isAfter(latestBefore) ? used : latestBefore;
    }

    /**
     * Takes a measurement into account. Of one during which the machine slept nobody knows how old its answer is; one that is
     * no time of this world is refused.
     */
    public void sample(TimeSample sample) {
        synchronized (this) {
            long nanos = lookAtBothClocks();
            if (sample.askedNanos() - wokenNanos < 0) {
                return;
            }
            Instant said = sample.controllerTime();
            if (!KeptTime.isTime(said) || !KeptTime.isOffset(Duration.between(seenWall, said))) {
                LOG.warn("A controller says that it is {}, which can't be", said);
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
            ahead = Duration.ZERO;
            aheadAtStart = Duration.ZERO;
            putRight = false;
            leapt = false;
            answered = true;
            answeredNanos = nanos;
            suspect = false;
            known = counted(nanos);
            offset = Duration.between(seenWall, counted(seenNanos));
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
            Instant until = latest();
            Duration used = Duration.between(seenWall, counted(seenNanos).plus(ahead));
            next = new KeptTime(offset, KeptTime.isOffset(used) ? used : offset, known, until, suspect);
            if (!inAnyCase && !next.isNews(kept)) {
                return;
            }
            // Also where it fails: a disk that is full is not asked with every run.
            kept = next;
        }
        next.write(folder);
    }
}
