package io.postwatch.controller.identity;

import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Records wrong passwords of known users. On one thread of its own: were it done before the answer, the answer to a known
 * user's wrong password would take longer than an unknown user's. Any thread may tell; none waits. What can't be written
 * is left out and said in the log; a stop waits a little for what was told.
 */
@Component
class FailedSignIns implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSignIns.class);
    /** More than all password checks of a controller's busiest minute. */
    private static final int MOST_WAITING = 10_000;

    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);

    private final RecordedSessions sessions;
    private final NanoTicker ticker;
    private final LogBudget lines = new LogBudget();
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("failed-sign-ins").factory());

    FailedSignIns(RecordedSessions sessions, NanoTicker ticker) {
        this.sessions = sessions;
        this.ticker = ticker;
    }

    void tell(Users.Account account, String address) {
        try {
            writer.execute(() -> write(account, address));
        } catch (RejectedExecutionException tooMany) {
            leftOut(account, tooMany);
        }
    }

    // Whatever goes wrong with one must not end the thread for the next.
    private void write(Users.Account account, String address) {
        try {
            sessions.refused(account, address);
        } catch (RuntimeException e) {
            leftOut(account, e);
        }
    }

    private void leftOut(Users.Account account, RuntimeException why) {
        lines.spend(
                ticker.nanos(),
                end -> LOG.warn("A failed sign-in of {} is missing in the audit record{}", account.id(), end, why));
    }

    @Override
    public void destroy() throws InterruptedException {
        writer.shutdown();
        if (!writer.awaitTermination(PATIENCE_AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "{} failed sign-ins are missing in the audit record",
                    writer.getQueue().size());
        }
    }
}
