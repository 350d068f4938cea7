package io.postwatch.agent.spool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the disk refuses what the spool wants noted: once when it begins, once a minute while it lasts, and once when it
 * is over. A full disk refuses something with every result and every look at what is to be sent; a line for each would fill
 * the log, which may lie on the same disk. Safe for use by several threads.
 */
final class DiskTrouble {

    private static final Logger LOG = LoggerFactory.getLogger(DiskTrouble.class);
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final InstantSource clock;
    private @Nullable Instant said;
    private long refusals;

    DiskTrouble(InstantSource clock) {
        this.clock = clock;
    }

    /** Something was refused. */
    synchronized void refused(String what, Throwable why) {
        refusals++;
        Instant now = clock.instant();
        // The clock may be set meanwhile, in either direction.
        if (said == null || Duration.between(said, now).abs().compareTo(REMINDER) >= 0) {
            said = now;
            LOG.warn("The spool could not {}: {} (refused so far: {})", what, why.getMessage(), refusals);
        }
    }

    /** Something was noted durably: whatever was, is over. */
    synchronized void noted() {
        if (said != null) {
            LOG.info("The spool takes notes again; {} were refused meanwhile", refusals);
            said = null;
            refusals = 0;
        }
    }
}
