package io.postwatch.controller.enrolment;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Whether the clocks of the controllers agree well enough to tell a copy of an agent from something that was under way for
 * long: when an agent was asked to prove itself is told by one controller's clock, and when its certificate came into use
 * by another's. Told by whoever renews this controller's lease. Safe for all threads.
 */
@Component
public class ControllerClocks {
    /** Two of them are then no further apart than {@link CertificateSlots#TOLERANCE}. */
    static final Duration MOST = CertificateSlots.TOLERANCE.dividedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(ControllerClocks.class);

    private volatile boolean apart;

    /**
     * How far the clock that is furthest off differs from the database's.
     *
     * @param own how far this controller's is ahead of it
     * @param furthest of any controller that lives, without a sign
     */
    public void told(Duration own, Duration furthest) {
        boolean now = furthest.compareTo(MOST) > 0;
        if (now && !apart) {
            LOG.warn(
                    "The clocks of the controllers differ too much: one is {} s off the database's, and this one's {} s."
                            + " Copies of agents are not found out until they agree; look after NTP on their hosts",
                    furthest.toSeconds(),
                    own.toSeconds());
        } else if (!now && apart) {
            LOG.info("The clocks of the controllers agree again");
        }
        apart = now;
    }

    /** When an agent was asked to prove itself, for judging it: where nobody can say, so early that it proves nothing. */
    public Instant provable(Instant challengedAt) {
        return apart ? Instant.MIN : challengedAt;
    }
}
