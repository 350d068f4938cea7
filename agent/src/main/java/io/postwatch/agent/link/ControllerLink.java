package io.postwatch.agent.link;

import io.grpc.Status;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.channel.GatewayChannel;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this agent connected: one session after the other, with back-off between failures, and a certificate that is
 * renewed in time.
 *
 * <p>A thread of its own runs the sessions; the agent goes on probing whatever becomes of them. {@link #wake} and
 * {@link #close} may be called by any thread.
 */
public final class ControllerLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLink.class);

    /** For the good-bye; a renewal that waits for an answer is not waited for. */
    private static final Duration FAREWELL = Duration.ofMillis(1_500);

    private final SessionParts parts;
    private final GatewayChannels channels;
    private final CertificateTime certificateTime;
    private final HeldCredentials credentials;
    private final Backoff backoff;
    private final CompletableFuture<RefusedException> dismissal = new CompletableFuture<>();
    private final Thread thread;

    /** Sessions that were begun, also those that never stood. Of the link's thread. */
    private long attempts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as what follows. */
    private @Nullable Session session;

    private boolean stopping;

    /** Begins to connect. */
    public ControllerLink(
            SessionParts parts,
            Credentials credentials,
            IdentityStore store,
            GatewayChannels channels,
            Enrolment enrolment,
            Backoff backoff) {
        this.parts = parts;
        this.channels = channels;
        this.certificateTime = new CertificateTime(parts.controllerClock(), parts.ticker());
        this.credentials =
                new HeldCredentials(credentials, store, enrolment, certificateTime, parts.ticker(), parts.random());
        this.backoff = backoff;
        this.thread = Thread.ofPlatform().name("link").daemon(true).unstarted(this::work);
    }

    /** Starts the thread; called once. */
    public void start() {
        thread.start();
    }

    /** There may be something to send. */
    public void wake() {
        Session current = current();
        if (current != null) {
            current.wake();
        }
    }

    /** Completed once another host is this agent; this one comes back no more, and is not needed. */
    public CompletableFuture<RefusedException> dismissal() {
        return dismissal.copy();
    }

    /** Whether a session is open. */
    public boolean isConnected() {
        Session current = current();
        return current != null && !current.stood().isZero();
    }

    /**
     * Says good-bye and ends, within two seconds. A renewal that is under way is left: its answer, if there was one, is one
     * of two certificates that the controller then knows.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            if (session != null) {
                session.stop();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(FAREWELL)) {
                thread.interrupt();
                thread.join(FAREWELL.dividedBy(3));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Session current() {
        lock.lock();
        try {
            return session;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        int failures = 0;
        while (!isStopping()) {
            try {
                credentials.renewIfDue();
                Optional<RefusedException> replaced = credentials.replaced();
                if (replaced.isPresent()) {
                    dismissal.complete(replaced.get());
                    return;
                }
                Attempt attempt = connectOnce();
                if (attempt.end() instanceof SessionEnd.Dismissed(GoodbyeReason reason, String message)
                        && reason == GoodbyeReason.GOODBYE_REASON_REPLACED) {
                    dismissal.complete(new RefusedException(message, RefusedException.Next.REPLACED, null));
                    return;
                }
                Reconnection next = Reconnection.after(
                        attempt.end(),
                        attempt.stood(),
                        failures,
                        backoff,
                        parts.random().nextDouble());
                if (next.renewal()) {
                    credentials.wantRenewal();
                }
                tell(attempt.end(), next.pause());
                failures = next.failures();
                pause(next.pause());
            } catch (InterruptedException interrupted) {
                LOG.debug("The link's thread is not waited for any longer and ends");
                return;
            } catch (RuntimeException | Error bug) {
                // Without this thread the agent would go on probing and never be heard of again.
                LOG.error("The session failed inside the agent and begins again", bug);
                failures++;
                pauseAfterBug(failures);
            }
        }
    }

    private void pauseAfterBug(int failures) {
        try {
            pause(backoff.delay(failures, 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Attempt(SessionEnd end, Duration stood) {}

    private Attempt connectOnce() throws InterruptedException {
        Credentials with = credentials.current();
        attempts++;
        Session next = new Session(Session.Bearer.of(with), attempts, parts, credentials::welcomed);
        lock.lock();
        try {
            if (stopping) {
                return new Attempt(new SessionEnd.Stopped(), Duration.ZERO);
            }
            session = next;
        } finally {
            lock.unlock();
        }
        Thread renewal = Thread.ofVirtual().name("renewal").start(() -> renewDuring(next));
        try (GatewayChannel channel = channels.forSession(with, () -> certificateTime.now(with))) {
            SessionEnd end = next.run(channel.streams());
            return new Attempt(end, next.stood());
        } catch (IOException unusable) {
            return new Attempt(
                    new SessionEnd.GivenUp("this agent's credentials can't be used: " + unusable.getMessage()),
                    Duration.ZERO);
        } finally {
            renewal.interrupt();
            lock.lock();
            try {
                session = null;
            } finally {
                lock.unlock();
            }
        }
    }

    private void tell(SessionEnd end, Duration wait) {
        switch (end) {
            case SessionEnd.Stopped() -> LOG.debug("The session was stopped");
            case SessionEnd.Drained() -> LOG.info("The controller asked its agents to spread; connecting anew");
            case SessionEnd.Outdated(String what) -> LOG.info("Connecting anew: {}", what);
            case SessionEnd.GivenUp(String why) -> warn("The session was given up: " + why, wait);
            case SessionEnd.Broken(Status status) ->
                warn("No connection to " + credentials.current().controller() + ": " + channels.reason(status), wait);
            case SessionEnd.Dismissed(GoodbyeReason reason, String message) ->
                warn(
                        switch (reason) {
                                    case GOODBYE_REASON_STOPPING,
                                            GOODBYE_REASON_BUSY,
                                            GOODBYE_REASON_PROTOCOL_ERROR,
                                            GOODBYE_REASON_UNSPECIFIED,
                                            UNRECOGNIZED -> "The controller ended the session: ";
                                    case GOODBYE_REASON_NOT_IDENTIFIED -> "The controller did not accept this agent: ";
                                    case GOODBYE_REASON_SUPERSEDED ->
                                        "Another process with this agent's identity took over. Was its state folder copied? ";
                                    // Each is a sentence by itself.
                                    case GOODBYE_REASON_REVOKED,
                                            GOODBYE_REASON_CLONED,
                                            GOODBYE_REASON_REPLACED,
                                            GOODBYE_REASON_UNSUITABLE -> "";
                                }
                                + message,
                        wait);
        }
    }

    private static void warn(String sentence, Duration wait) {
        LOG.warn("{} (next attempt in {} s)", sentence, String.format("%.1f", wait.toMillis() / 1000.0));
    }

    private void pause(Duration wait) throws InterruptedException {
        long end = parts.ticker().nanos() + wait.toNanos();
        lock.lock();
        try {
            for (long left = wait.toNanos();
                    left > 0 && !stopping;
                    left = end - parts.ticker().nanos()) {
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** On a virtual thread beside a session: renews when it is time, and has the session begin anew. */
    private void renewDuring(Session current) {
        try {
            while (true) {
                Duration left = credentials.untilRenewal();
                if (left.isPositive()) {
                    // The controller's time may be corrected meanwhile.
                    Duration look = left.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofSeconds(1) : left;
                    pause(look);
                    if (Thread.interrupted() || isStopping()) {
                        return;
                    }
                } else if (credentials.renewIfDue()) {
                    current.becomeOutdated("the client certificate was renewed");
                    return;
                }
            }
        } catch (InterruptedException over) {
            LOG.debug("The session is over");
        }
    }
}
