package io.postwatch.agent.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is renewed: at half its life, plus or minus a tenth of its life, so that the agents of a platform
 * that enrolled together don't renew together.
 */
public final class RenewalRule {

    private static final double HALF = 0.5;
    private static final double SPREAD = 0.1;

    private RenewalRule() {}

    /**
     * The moment for a certificate of this life.
     *
     * @param draw uniformly from 0 to 1; the same for one certificate, or its moment would wander
     */
    public static Instant renewAt(Instant notBefore, Instant notAfter, double draw) {
        if (draw < 0 || draw > 1) {
            throw new IllegalArgumentException("a draw is from 0 to 1");
        }
        Duration life = Duration.between(notBefore, notAfter);
        double part = HALF - SPREAD + 2 * SPREAD * draw;
        return notBefore.plusMillis(Math.round(life.toMillis() * part));
    }

    /** The moment for these credentials; the draw comes from the certificate's own serial number. */
    public static Instant renewAt(Credentials credentials) {
        int serial = credentials.chain().getFirst().getSerialNumber().hashCode() * 0x9E37_79B9;
        return renewAt(credentials.notBefore(), credentials.notAfter(), (serial >>> 8) / (double) (1 << 24));
    }
}
