package io.postwatch.agent.schedule;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.NanoTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's time on this host: a monotonic clock plus an offset that is measured with every heartbeat.
 *
 * <p>Of the last samples the one with the shortest round trip counts, since half of that is the most its error can be.
 * Where a sample and an older one can't both be right, time has jumped on either side, as it does on a host that was
 * suspended: the older one counts no more.
 * The offset from the host's wall clock is kept on disk for the next start without a controller; where there is none the
 * wall clock serves and is {@linkplain #isSuspect suspect}. Changes of the wall clock while the agent runs don't matter.
 * Safe for use by several threads.
 */
public final class ControllerClock implements InstantSource {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerClock.class);
    private static final String FILE = "clock-offset";
    private static final int SAMPLES = 8;

    /** By this much two clocks drift apart within the samples: 0.1 % of a minute, rounded up. */
    private static final Duration DRIFT = Duration.ofMillis(100);

    /** The file is written again when the offset has moved by more than this. */
    private static final Duration WORTH_KEEPING = Duration.ofMillis(50);

    private final NanoTicker ticker;
    private final InstantSource wallClock;
    private final PrivateFolder folder;
    private final Deque<TimeSample> samples = new ArrayDeque<>();
    private long baseNanos;
    private Instant base;
    private boolean suspect;
    private Duration keptOffset;

    public ControllerClock(NanoTicker ticker, InstantSource wallClock, PrivateFolder folder) {
        this.ticker = ticker;
        this.wallClock = wallClock;
        this.folder = folder;
        Optional<Duration> kept = read();
        this.suspect = kept.isEmpty();
        this.keptOffset = kept.orElse(Duration.ZERO);
        this.baseNanos = ticker.nanos();
        this.base = wallClock.instant().plus(keptOffset);
    }

    /** The controller's time now, as well as it is known. */
    @Override
    public synchronized Instant instant() {
        return base.plusNanos(ticker.nanos() - baseNanos);
    }

    /** Whether no controller was ever asked. */
    public synchronized boolean isSuspect() {
        return suspect;
    }

    /** Takes a measurement into account. */
    public synchronized void sample(TimeSample sample) {
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
        Duration offset = Duration.between(wallClock.instant(), instant());
        if (suspect || offset.minus(keptOffset).abs().compareTo(WORTH_KEEPING) > 0) {
            suspect = false;
            keep(offset);
        }
    }

    /** A new controller may have another clock than the one before. */
    public synchronized void forgetSamples() {
        samples.clear();
    }

    private void keep(Duration offset) {
        keptOffset = offset;
        try {
            folder.replace(FILE, Long.toString(offset.toMillis()).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unwritable) {
            LOG.warn("The clock offset could not be kept: {}", unwritable.getMessage());
        }
    }

    private Optional<Duration> read() {
        try {
            return folder.read(FILE)
                    .map(text ->
                            Duration.ofMillis(Long.parseLong(new String(text, StandardCharsets.US_ASCII).strip())));
        } catch (IOException | NumberFormatException unreadable) {
            LOG.warn("The kept clock offset can't be read: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }
}
