package io.postwatch.controller.assignment.login;

import io.postwatch.controller.assignment.login.LoginRows.SeriesLogin;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Gives login leases: at any time one run, and so one agent, holds that of a mailbox, whichever controller gave it. Every
 * location logs in, one after the other. A lease ends by itself, so that none is lost with whoever holds it; an agent counts
 * it from before it asked, and is done by then. Safe for all threads.
 */
@Component
public class LoginLeases {
    /** So long at most the login of a mailbox waits for a run that crashed. */
    static final Duration LONGEST = Duration.ofSeconds(30);
    /** For the result that tells of a refusal to be stored, before anybody tries again. */
    static final Duration UNTIL_STORED = Duration.ofSeconds(30);

    static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(LoginLeases.class);

    private final SystemTransactions transactions;
    private final LoginRows rows;
    private final InstantSource clock;

    LoginLeases(SystemTransactions transactions, LoginRows rows, InstantSource clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * Whether a run of this agent may log in.
     *
     * @param lease one run's, also where it asks again
     * @param lasting how long the run may take
     */
    public LeaseAnswer ask(AgentId agent, UUID lease, SeriesId series, Duration lasting) {
        return transactions.call(() -> rows.ofSeries(agent, series)
                .map(login -> answer(agent, lease, login, lasting))
                .orElseGet(LoginLeases::busy));
    }

    private LeaseAnswer answer(AgentId agent, UUID lease, SeriesLogin login, Duration lasting) {
        return switch (login.trust()) {
            case LoginTrust.Suspended(Instant since) -> new LeaseAnswer.Suspended(since);
            case LoginTrust.Refused refused
            when clock.instant().isBefore(refused.until()) ->
                new LeaseAnswer.Withheld(refused.lastAt(), refused.until());
            case LoginTrust.Refused _, LoginTrust.Trusted _ ->
                login.held() ? busy() : take(agent, lease, login, bounded(lasting));
        };
    }

    private LeaseAnswer take(AgentId agent, UUID lease, SeriesLogin login, Duration lasting) {
        Credential credential = login.credential();
        return rows.take(credential, login.mailbox(), lease, agent, lasting)
                ? new LeaseAnswer.Granted(lasting, Bytes.of(credential.id()))
                : busy();
    }

    public static LeaseAnswer busy() {
        return new LeaseAnswer.Busy(RETRY_AFTER);
    }

    static Duration bounded(Duration lasting) {
        if (lasting.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return lasting.compareTo(LONGEST) > 0 ? LONGEST : lasting;
    }

    /** The run is over. Where the server refused the login, nobody tries its credential until that is mostly known here. */
    public void giveBack(AgentId agent, UUID lease, boolean refused) {
        transactions.run(() -> {
            if (refused) {
                rows.releaseHolding(agent, lease, UNTIL_STORED);
            } else {
                rows.release(agent, lease);
            }
        });
    }

    @Scheduled(fixedDelayString = "PT1H", initialDelayString = "PT10M")
    void forgetOld() {
        try {
            transactions.run(rows::forgetOld);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What is not needed any more of logins could not be deleted; the next try comes in an hour", e);
        }
    }
}
