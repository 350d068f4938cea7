package io.postwatch.controller.peers;

import io.postwatch.controller.database.DatabaseAccess;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.ControllerId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Says "there is something to read" to the other controllers and hears them say it: NOTIFY, in a transaction of its own
 * after the commit, and LISTEN on a connection of its own. Nothing depends on it: a hint that is lost, and every one where
 * they are switched off, only makes the next look come later. One thread waits for hints, another listens.
 */
@Component
class Hints implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);
    private static final String CHANNEL = "postwatch_peers";
    private static final Duration LISTEN = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int ANSWER_SECONDS = 5;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private final DatabaseAccess access;
    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final ControllerId controller;
    private final boolean on;
    private final Semaphore heard = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private volatile boolean failing;
    private volatile @Nullable Thread listener;
    private volatile @Nullable Connection listening;

    Hints(
            DatabaseAccess access,
            SystemTransactions transactions,
            JdbcClient jdbc,
            ControllerId controller,
            PeersProperties properties) {
        this.access = access;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.controller = controller;
        this.on = properties.hints();
    }

    /** After the commit of what there is to read. */
    void give() {
        if (!on) {
            return;
        }
        try {
            transactions.run(() -> jdbc.sql("SELECT pg_notify(?, ?)")
                    .params(CHANNEL, controller.toString())
                    .query((row, n) -> true)
                    .single());
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("Other controllers can't be given hints; they look by themselves", e);
            }
            failing = true;
        }
    }

    /** Waits for a hint, no longer than this; all that came are one. */
    void await(Duration atMost) throws InterruptedException {
        if (heard.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            heard.drainPermits();
        }
    }

    /** Ends the waiting for a hint. */
    void wake() {
        heard.release();
    }

    @Override
    public void start() {
        if (on) {
            ended.drainPermits();
            Thread thread = Thread.ofVirtual().name("peers-hints").unstarted(this::listen);
            listener = thread;
            thread.start();
        }
    }

    @Override
    public void stop() {
        Thread running = listener;
        listener = null;
        if (running == null) {
            return;
        }
        ended.release();
        close(listening);
        try {
            running.join(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return listener != null;
    }

    @Override
    public int getPhase() {
        return PeerNotes.PHASE;
    }

    private void listen() {
        boolean told = false;
        while (listener != null) {
            try (Connection connection = connect()) {
                listening = connection;
                // Whatever was hinted at while nobody listened.
                heard.release();
                told = false;
                while (listener != null) {
                    hear(connection);
                }
            } catch (SQLException e) {
                if (!told && listener != null) {
                    LOG.warn(
                            "Hints of other controllers can't be heard; this one looks by itself, every {} s tries again: {}",
                            AFTER_FAILURE.toSeconds(),
                            e.getMessage());
                }
                told = true;
            }
            try {
                if (ended.tryAcquire(AFTER_FAILURE.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Connection connect() throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("ApplicationName", "postwatch hints");
        settings.setProperty("tcpKeepAlive", "true");
        settings.setProperty("connectTimeout", "10");
        Connection connection = access.system().connect(settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        } catch (SQLException e) {
            close(connection);
            throw e;
        }
        return connection;
    }

    private void hear(Connection connection) throws SQLException {
        PGNotification[] hints = connection.unwrap(PGConnection.class).getNotifications((int) LISTEN.toMillis());
        String me = controller.toString();
        if (hints == null || hints.length == 0) {
            if (!connection.isValid(ANSWER_SECONDS)) {
                throw new SQLException("the connection does not answer");
            }
        } else if (Arrays.stream(hints).anyMatch(hint -> !hint.getParameter().equals(me))) {
            heard.release();
        }
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("A connection for hints was closed twice", e);
        }
    }
}
