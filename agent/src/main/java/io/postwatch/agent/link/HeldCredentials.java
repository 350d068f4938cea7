package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.identity.RenewalRule;
import io.postwatch.proto.agent.v1.Welcome;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials that this agent connects with: renewed in time, with the roots that the last welcome named. Safe for use
 * by several threads.
 */
final class HeldCredentials {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCredentials.class);
    private static final Duration RENEWAL_RETRY = Duration.ofMinutes(1);

    private final IdentityStore store;
    private final Enrolment enrolment;
    private final InstantSource clock;

    /** Held from the reading of the credentials until their successors are saved and set. Taken before the other. */
    private final ReentrantLock saving = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as what follows. */
    private Credentials credentials;

    private @Nullable Instant nextRenewalTry;

    /**
     * Begins with what the disk holds.
     *
     * @param clock the controller's time
     */
    HeldCredentials(Credentials credentials, IdentityStore store, Enrolment enrolment, InstantSource clock) {
        this.credentials = credentials;
        this.store = store;
        this.enrolment = enrolment;
        this.clock = clock;
    }

    Credentials current() {
        lock.lock();
        try {
            return credentials;
        } finally {
            lock.unlock();
        }
    }

    /** The roots of an authenticated session are the ones to trust from now on. */
    void welcomed(Welcome welcome) {
        forgetWantedRenewal();
        if (welcome.getRootsCount() == 0) {
            return;
        }
        try {
            List<X509Certificate> roots = Credentials.certificates(
                    welcome.getRootsList().stream().map(ByteString::toByteArray).toList());
            saving.lock();
            try {
                Credentials current = current();
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

    /** When the next certificate is to be asked for. */
    Instant renewalDue() {
        Instant atHalfLife = RenewalRule.renewAt(current());
        lock.lock();
        try {
            Instant next = nextRenewalTry;
            return next == null ? atHalfLife : next;
        } finally {
            lock.unlock();
        }
    }

    /** The controller did not accept the certificate, or may not have: another is asked for soon. */
    void wantRenewal() {
        lock.lock();
        try {
            if (nextRenewalTry == null) {
                nextRenewalTry = clock.instant();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The certificate works: it is renewed when its time has come, not before. */
    private void forgetWantedRenewal() {
        lock.lock();
        try {
            if (clock.instant().isBefore(RenewalRule.renewAt(credentials))) {
                nextRenewalTry = null;
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
        Instant now = clock.instant();
        lock.lock();
        try {
            if (now.isBefore(renewalDue())) {
                return false;
            }
            nextRenewalTry = now.plus(RENEWAL_RETRY);
        } finally {
            lock.unlock();
        }
        try {
            Credentials old = current();
            Credentials renewed = enrolment.renew(old);
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
                nextRenewalTry = null;
            } finally {
                lock.unlock();
            }
            LOG.info("The client certificate was renewed; it is good until {}", renewed.notAfter());
            return true;
        } catch (RefusedException | IOException failed) {
            LOG.warn("{}", failed.getMessage());
            return false;
        } catch (RuntimeException bug) {
            LOG.error("The renewal failed inside the agent; it is tried again, and this certificate serves on", bug);
            return false;
        }
    }
}
