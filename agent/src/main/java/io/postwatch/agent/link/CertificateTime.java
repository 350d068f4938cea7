package io.postwatch.agent.link;

import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.probe.time.ControllerTime;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By which time certificates are judged, whatever this host's clock shows.
 *
 * <p>Once a controller has answered since this process began, the controller's time. Before that the beginning of a certificate
 * that the platform's authority issued during this process, and what has passed since: its signature is verified, and whoever
 * stole a controller's key can't make one. Without either, a session is judged by the host's clock, which at worst refuses a
 * good certificate and leads to a renewal, and a renewal by the beginning of this agent's own certificate, which is never ahead
 * of the time. Safe for use by several threads.
 */
final class CertificateTime {

    private record Proof(Instant atLeast, long nanos) {}

    private final ControllerTime clock;
    private final NanoTicker ticker;
    private volatile @Nullable Proof proof;

    CertificateTime(ControllerTime clock, NanoTicker ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    /** The platform's authority has just issued these. */
    void issued(Credentials credentials) {
        proof = new Proof(credentials.notBefore(), ticker.nanos());
    }

    /** The time as well as it is known: a session is judged by it, and whether half of a certificate's life is over. */
    Instant now(Credentials own) {
        if (clock.isConfirmed()) {
            return clock.instant();
        }
        Proof known = proof;
        return known == null ? later(clock.instant(), own.notBefore()) : since(known);
    }

    /** A renewal is judged by nothing that could be ahead of the time. */
    Instant forRenewal(Credentials own) {
        if (clock.isConfirmed()) {
            return clock.instant();
        }
        Proof known = proof;
        return known == null ? own.notBefore() : since(known);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Instant since(Proof known) {
        return known.atLeast().plusNanos(ticker.nanos() - known.nanos());
    }
}
