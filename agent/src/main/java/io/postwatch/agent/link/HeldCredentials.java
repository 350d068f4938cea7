package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.identity.RenewalRule;
import io.postwatch.agent.identity.RootSuccession;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.proto.agent.v1.Welcome;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials that this agent connects with: renewed in time, with the roots that the last welcome named. Safe for use
 * by several threads.
 */
final class HeldCredentials {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCredentials.class);

    /** A renewal that failed is tried again after a minute, half of it more or less: many fail together. */
    private static final Duration SHORTEST_RETRY = Duration.ofSeconds(30);

    private static final Duration RETRY_SPREAD = Duration.ofSeconds(60);

    private final IdentityStore store;
    private final Enrolment enrolment;
    private final CertificateTime certificateTime;
    private final NanoTicker ticker;
    private final RandomGenerator random;

    /** Held from the reading of the credentials until their successors are saved and set. Taken before the other. */
    private final ReentrantLock saving = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable RefusedException replaced;

    /** Guarded by the lock, as what follows. */
    private Credentials credentials;

    /** By the ticker: a wall clock that is put right moves it nowhere. */
    private @Nullable Long nextRenewalTryNanos;

    /**
     * Begins with what the disk holds.
     *
     * @param certificateTime by which half of a life is over; told of every renewal
     */
    HeldCredentials(
            Credentials credentials,
            IdentityStore store,
            Enrolment enrolment,
            CertificateTime certificateTime,
            NanoTicker ticker,
            RandomGenerator random) {
        this.credentials = credentials;
        this.store = store;
        this.enrolment = enrolment;
        this.certificateTime = certificateTime;
        this.ticker = ticker;
        this.random = random;
    }

    /** Set once another host is this agent: nothing that is held here is good for anything any more. */
    Optional<RefusedException> replaced() {
        return Optional.ofNullable(replaced);
    }

    Credentials current() {
        lock.lock();
        try {
            return credentials;
        } finally {
            lock.unlock();
        }
    }

    /** The roots of an authenticated session are the ones to trust from now on, as far as one that is trusted vouches for them. */
    void welcomed(Welcome welcome) {
        forgetWantedRenewal();
        if (welcome.getRootsCount() == 0) {
            return;
        }
        try {
            List<X509Certificate> named = certificates(welcome.getRootsList());
            List<X509Certificate> between = certificates(welcome.getFormerRootsList());
            saving.lock();
            try {
                Credentials current = current();
                List<X509Certificate> roots = RootSuccession.after(current.roots(), named, between);
                if (!roots.containsAll(named)) {
                    LOG.warn(
                            "The controller named roots that the platform's authority has not certified; they are not trusted");
                }
                if (!current.roots().equals(roots)) {
                    keep(current.withRoots(roots));
                    LOG.info("The platform has {} roots now", roots.size());
                }
            } finally {
                saving.unlock();
            }
        } catch (GeneralSecurityException | IOException unusable) {
            LOG.warn("The controller's roots could not be kept: {}", unusable.getMessage());
        }
    }

    private static List<X509Certificate> certificates(List<ByteString> der) throws CertificateException {
        return Credentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    /** Called with the lock for saving. */
    private void keep(Credentials next) throws IOException {
        store.save(next);
        lock.lock();
        try {
            credentials = next;
        } finally {
            lock.unlock();
        }
    }

    /** For how long the next certificate need not be asked for. */
    Duration untilRenewal() {
        lock.lock();
        try {
            Long next = nextRenewalTryNanos;
            return next == null
                    ? Duration.between(certificateTime.now(credentials), RenewalRule.renewAt(credentials))
                    : Duration.ofNanos(next - ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** The controller did not accept the certificate, or may not have: another is asked for soon. */
    void wantRenewal() {
        lock.lock();
        try {
            if (nextRenewalTryNanos == null) {
                nextRenewalTryNanos = ticker.nanos();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The certificate works: it is renewed when its time has come, not before. */
    private void forgetWantedRenewal() {
        lock.lock();
        try {
            if (certificateTime.now(credentials).isBefore(RenewalRule.renewAt(credentials))) {
                nextRenewalTryNanos = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for a new certificate where it is time. Blocks for 30 seconds at most.
     *
     * @return whether there is another one now
     */
    boolean renewIfDue() {
        lock.lock();
        try {
            if (untilRenewal().isPositive()) {
                return false;
            }
            nextRenewalTryNanos = ticker.nanos()
                    + SHORTEST_RETRY.toNanos()
                    + Math.round(RETRY_SPREAD.toNanos() * random.nextDouble());
        } finally {
            lock.unlock();
        }
        try {
            Credentials old = current();
            Credentials renewed = enrolment.renew(old, () -> certificateTime.forRenewal(old));
            certificateTime.issued(renewed);
            saving.lock();
            try {
                List<X509Certificate> roots = current().roots();
                // Roots that a welcome brought meanwhile are not undone by an answer that brought none.
                keep(renewed.roots().equals(old.roots()) ? renewed.withRoots(roots) : renewed);
            } finally {
                saving.unlock();
            }
            lock.lock();
            try {
                nextRenewalTryNanos = null;
            } finally {
                lock.unlock();
            }
            LOG.info("The client certificate was renewed; it is good until {}", renewed.notAfter());
            return true;
        } catch (RefusedException refused) {
            LOG.warn("{}", refused.getMessage());
            if (refused.isReplaced()) {
                replaced = refused;
            }
            return false;
        } catch (IOException failed) {
            LOG.warn("{}", failed.getMessage());
            return false;
        } catch (RuntimeException bug) {
            LOG.error("The renewal failed inside the agent; it is tried again, and this certificate serves on", bug);
            return false;
        }
    }
}
