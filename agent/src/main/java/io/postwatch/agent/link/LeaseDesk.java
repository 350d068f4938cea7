package io.postwatch.agent.link;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.login.CredentialId;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.login.LoginTurn;
import io.postwatch.agent.login.LoginVerdict;
import io.postwatch.agent.probe.time.NanoTicker;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.LeaseGranted;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginLeaseReturned;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.LoginWithheld;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller whether runs may log in. The threads of runs ask and wait; the link's thread brings the answers, and
 * says when there is a session to ask in. Without one nobody waits: a run that can't ask does not log in.
 */
public final class LeaseDesk implements LoginLeases {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

    /** A controller that is well answers in milliseconds. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    private final NanoTicker ticker;
    private final Supplier<UUID> ids;
    private final Semaphore places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock: those that a thread waits for, empty before the answer is there. */
    private final Map<UUID, Optional<LoginLease>> asked = new HashMap<>();

    private @Nullable Consumer<AgentMessage> controller;

    /** Guarded by the lock: so many sessions stood until now, the one that stands included. */
    private long sessions;

    /**
     * Makes a desk without a session.
     *
     * @param ids makes the ids of leases
     * @param waiting so many runs at most wait while others log in, for each holds the place of a run that could go on; one
     *     more asks once
     */
    public LeaseDesk(NanoTicker ticker, Supplier<UUID> ids, int waiting) {
        this.ticker = ticker;
        this.ids = ids;
        this.places = new Semaphore(waiting);
    }

    /** A session stands. */
    void open(Consumer<AgentMessage> session) {
        lock.lock();
        try {
            controller = session;
            sessions++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No session stands: what was asked in it has no answer. */
    void close() {
        lock.lock();
        try {
            controller = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The controller's answer; one that nobody waits for is ignored. */
    void answered(LoginLease answer) {
        if (answer.getLeaseId().size() != 2 * Long.BYTES) {
            return;
        }
        lock.lock();
        try {
            asked.computeIfPresent(WireValues.uuid(answer.getLeaseId()), (lease, waiting) -> Optional.of(answer));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public LoginTurn ask(SeriesId series, Duration lasting, Duration patience) {
        UUID lease = ids.get();
        Waiting waiting = new Waiting(ticker.nanos() + patience.toNanos());
        try {
            return ask(lease, series, lasting, waiting);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            giveBack(lease, false);
            return new LoginTurn.Missed();
        } finally {
            waiting.end();
        }
    }

    /** One run's, in one of the places for those that wait. */
    private final class Waiting {
        private final long endNanos;
        private boolean hasPlace;

        Waiting(long endNanos) {
            this.endNanos = endNanos;
        }

        /** Whether it may go on for so long, and then ask again. */
        boolean mayGoOn(Duration time) {
            hasPlace = hasPlace || places.tryAcquire();
            return hasPlace && time.toNanos() < endNanos - ticker.nanos();
        }

        void end() {
            if (hasPlace) {
                places.release();
            }
        }
    }

    private LoginTurn ask(UUID lease, SeriesId series, Duration lasting, Waiting waiting) throws InterruptedException {
        while (true) {
            // What the lease lasts is counted from here: by then nobody else may have it, however long the answer
            // takes.
            long askedNanos = ticker.nanos();
            Optional<LoginLease> answer = exchange(lease, series, lasting, waiting.endNanos - askedNanos);
            if (answer.isEmpty()) {
                // It may yet be granted.
                giveBack(lease, false);
                return new LoginTurn.Missed();
            }
            switch (answer.get().getAnswerCase()) {
                case GRANTED -> {
                    return granted(lease, answer.get().getGranted(), askedNanos);
                }
                case WITHHELD -> {
                    LoginWithheld withheld = answer.get().getWithheld();
                    return new LoginTurn.Withheld(
                            WireValues.instant(withheld.getRefusedAt()), WireValues.instant(withheld.getUntil()));
                }
                case SUSPENDED -> {
                    return new LoginTurn.Suspended(
                            WireValues.instant(answer.get().getSuspended().getSince()));
                }
                case BUSY, ANSWER_NOT_SET -> {
                    Duration retry = retryAfter(answer.get());
                    if (!waiting.mayGoOn(retry)) {
                        return new LoginTurn.Missed();
                    }
                    pause(retry);
                }
            }
        }
    }

    private LoginTurn granted(UUID lease, LeaseGranted granted, long askedNanos) {
        try {
            CredentialId credential =
                    CredentialId.ofBytes(granted.getCredential().toByteArray());
            return new LoginTurn.Granted(
                    lease,
                    credential,
                    askedNanos + WireValues.duration(granted.getLasts()).toNanos());
        } catch (IllegalArgumentException | ArithmeticException senseless) {
            LOG.warn("The controller grants a login in a way that makes no sense: {}", senseless.getMessage());
            giveBack(lease, false);
            return new LoginTurn.Missed();
        }
    }

    private static Duration retryAfter(LoginLease answer) {
        Duration wished = WireValues.duration(answer.getBusy().getRetryAfter());
        if (wished.compareTo(SHORTEST_RETRY) < 0) {
            return SHORTEST_RETRY;
        }
        return wished.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wished;
    }

    /** Asks once; empty where there is no session, or no answer came in it in time. */
    private Optional<LoginLease> exchange(UUID lease, SeriesId series, Duration lasting, long patienceNanos)
            throws InterruptedException {
        lock.lock();
        try {
            Consumer<AgentMessage> session = controller;
            if (session == null) {
                return Optional.empty();
            }
            long askedIn = sessions;
            asked.put(lease, Optional.empty());
            session.accept(AgentMessage.newBuilder()
                    .setLoginLeaseWanted(LoginLeaseWanted.newBuilder()
                            .setLeaseId(WireValues.bytes(lease))
                            .setSeries(series.value())
                            .setLasting(WireValues.duration(lasting)))
                    .build());
            long left = Math.min(patienceNanos, ANSWER_PATIENCE.toNanos());
            while (left > 0 && controller != null && sessions == askedIn && isOpen(lease)) {
                left = changed.awaitNanos(left);
            }
            return asked.getOrDefault(lease, Optional.empty());
        } finally {
            asked.remove(lease);
            lock.unlock();
        }
    }

    private boolean isOpen(UUID lease) {
        return asked.getOrDefault(lease, Optional.empty()).isEmpty();
    }

    /** Until then, or until the session is over: the next try finds out. */
    private void pause(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (left > 0 && controller != null) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void giveBack(LoginTurn.Granted turn, LoginVerdict verdict) {
        giveBack(turn.lease(), verdict == LoginVerdict.REFUSED);
    }

    /** Where no session stands, the lease ends by itself. */
    private void giveBack(UUID lease, boolean refused) {
        lock.lock();
        try {
            Consumer<AgentMessage> session = controller;
            if (session != null) {
                session.accept(AgentMessage.newBuilder()
                        .setLoginLeaseReturned(LoginLeaseReturned.newBuilder()
                                .setLeaseId(WireValues.bytes(lease))
                                .setRefused(refused))
                        .build());
            }
        } finally {
            lock.unlock();
        }
    }
}
