package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.ControllerClocks;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import io.postwatch.controller.scope.ReservedTransactions;
import io.postwatch.controller.shared.id.ControllerId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * This controller's sign of life: a lease in the database, by the database's clock. Who lets it run out is taken for dead
 * by the others, see {@link OrphanedSessions}. A thread of its own renews it, on a connection of its own, and does nothing
 * else, so that no work of this controller, however much there is, lets it run out.
 */
@Component
class ControllerLease implements SmartLifecycle {
    static final Duration LEASE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLease.class);
    private static final Duration RENEWAL = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
    /** Held while agents are let in, so it begins before and ends after that. */
    private static final int PHASE = DEFAULT_PHASE - 1;

    private final ReservedTransactions transactions;
    private final JdbcClient jdbc;
    private final ControllerId controller;
    private final KekProvider keks;
    private final ControllerClocks clocks;
    private final InstantSource clock;
    private final String host = host();
    private @Nullable Holder holder;

    ControllerLease(
            ReservedTransactions transactions,
            JdbcClient jdbc,
            ControllerId controller,
            KekProvider keks,
            ControllerClocks clocks,
            InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.controller = controller;
        this.keks = keks;
        this.clocks = clocks;
        this.clock = clock;
    }

    /**
     * The first lease. From then on the other controllers change to no key-encryption key that this one doesn't have; what
     * they changed to since the database was prepared, it must have.
     */
    void begin() {
        transactions.call(() -> {
            // Held against a change until this lease is there to be seen.
            KekId current = KekId.of(jdbc.sql("SELECT key_check FROM platform FOR SHARE")
                    .query((row, n) -> row.getBytes(1))
                    .single());
            if (!keks.kept().contains(current)) {
                throw new StartupRefused(
                        "The other controllers use the key-encryption key " + current.hex()
                                + " since a moment ago, and this one doesn't have it.",
                        "Copy their key file to this controller (POSTWATCH_KEY_FILE).");
            }
            keks.adopt(current);
            return write();
        });
    }

    void renew() {
        transactions.call(this::write);
    }

    private int write() {
        Duration ahead = ahead();
        int written = jdbc.sql("""
                INSERT INTO controller_lease (controller_id, started_at, lease_until, kek_ids, host, clock_ahead_millis)
                VALUES (?, transaction_timestamp(), transaction_timestamp() + make_interval(secs => ?), ?, ?, ?)
                ON CONFLICT (controller_id) DO UPDATE
                SET lease_until = excluded.lease_until, kek_ids = excluded.kek_ids, host = excluded.host,
                    clock_ahead_millis = excluded.clock_ahead_millis
                """)
                .params(
                        controller.value(),
                        (double) LEASE.toSeconds(),
                        keks.kept().stream().map(KekId::bytes).toArray(byte[][]::new),
                        host,
                        ahead.toMillis())
                .update();
        clocks.told(ahead, furthest());
        return written;
    }

    /** How far this controller's clock is ahead of the database's, at least: the question and its answer take their time. */
    private Duration ahead() {
        Instant asked = clock.instant();
        Instant database = jdbc.sql("SELECT clock_timestamp()")
                .query((row, n) -> row.getTimestamp(1).toInstant())
                .single();
        Instant answered = clock.instant();
        if (database.isBefore(asked)) {
            return Duration.between(database, asked);
        }
        return database.isAfter(answered) ? Duration.between(database, answered) : Duration.ZERO;
    }

    /** Of all that live, without a sign. */
    private Duration furthest() {
        return Duration.ofMillis(jdbc.sql("""
                SELECT coalesce(max(abs(clock_ahead_millis)), 0) FROM controller_lease
                WHERE lease_until > transaction_timestamp()
                """).query(Long.class).single());
    }

    /** As an operator calls it; nothing depends on it. */
    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** Lets go at a stop: the agents have their minute to come back from now on. */
    void release() {
        transactions.call(() -> jdbc.sql(
                        "UPDATE controller_lease SET lease_until = transaction_timestamp() WHERE controller_id = ?")
                .param(controller.value())
                .update());
    }

    /** Only a controller that has a lease goes on. */
    @Override
    public synchronized void start() {
        begin();
        Holder started = new Holder();
        started.thread.start();
        holder = started;
    }

    @Override
    public synchronized void stop() {
        Holder running = holder;
        holder = null;
        if (running == null) {
            return;
        }
        running.stopping.countDown();
        try {
            if (!running.thread.join(STOP_WITHIN)) {
                LOG.warn("This controller's lease could not be given back in time; it runs out by itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return holder != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Renews until it is stopped, and then lets go. A platform thread: it waits for no other thread's turn. */
    private final class Holder {
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::hold);

        private void hold() {
            try {
                Duration pause = RENEWAL;
                while (!stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    pause = attempt("renewed", ControllerLease.this::renew) ? RENEWAL : AFTER_FAILURE;
                }
                attempt("given back", ControllerLease.this::release);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static boolean attempt(String what, Runnable work) {
            try {
                work.run();
                return true;
            } catch (RuntimeException | Error e) {
                LOG.warn("This controller's lease could not be {}", what, e);
                return false;
            }
        }
    }
}
