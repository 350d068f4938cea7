package io.postwatch.controller.secret;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.database.RolePasswords;
import io.postwatch.controller.home.DataHome;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.KeyUse;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.secret.KeyAgreement.Outcome;
import io.postwatch.controller.shared.id.TenantId;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Changes to another key-encryption key while everything runs: notices it in the key file, waits until all controllers have
 * it, uses it from then on, and wraps anew what former ones wrap. Each step is a transaction of its own and follows from
 * what is stored, so whoever comes next goes on where one was killed. One thread at a time; any number of controllers at
 * once.
 */
@Component
class KekRotation {
    private static final Logger LOG = LoggerFactory.getLogger(KekRotation.class);

    private final SystemTransactions transactions;
    private final KekRows rows;
    private final KekProvider keks;
    private final List<WrappedKeyStore> stores;
    private final RolePasswords passwords;
    private final Audit audit;
    private final DataHome home;
    private final InstantSource clock;
    private String waiting = "";
    private @Nullable KekId missing;
    private @Nullable KekId passwordsFollow;
    private Map<KekId, Long> counted = Map.of();

    KekRotation(
            SystemTransactions transactions,
            KekRows rows,
            KekProvider keks,
            List<WrappedKeyStore> stores,
            RolePasswords passwords,
            Audit audit,
            DataHome home,
            InstantSource clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.keks = keks;
        this.stores = List.copyOf(stores);
        this.passwords = passwords;
        this.audit = audit;
        this.home = home;
        this.clock = clock;
    }

    /** By one thread. */
    @Scheduled(fixedDelayString = "PT5S")
    void look() {
        try {
            step();
        } catch (RuntimeException e) {
            LOG.warn("The key-encryption keys could not be looked after; the next look comes in seconds", e);
        }
    }

    /** One look: everything that can be done now. */
    synchronized void step() {
        keks.refresh();
        KekId current = agree();
        if (!keks.held().contains(current)) {
            if (!current.equals(missing)) {
                LOG.error(
                        "The other controllers use the key-encryption key {}, which is not in the key file of this one: what"
                                + " it wraps can't be read here. Copy their key file to this controller",
                        current.hex());
            }
            missing = current;
            return;
        }
        missing = null;
        keks.adopt(current);
        followPasswords(current);
        rewrap(current);
        count();
    }

    private KekId agree() {
        Outcome seen = transactions.call(() -> KeyAgreement.of(rows.current(), rows.living()));
        return switch (seen) {
            case Outcome.Stay() -> {
                waiting = "";
                yield transactions.call(rows::current);
            }
            case Outcome.Wait(String why) -> {
                if (!why.equals(waiting)) {
                    LOG.warn("{}", why);
                }
                waiting = why;
                yield transactions.call(rows::current);
            }
            case Outcome.ChangeTo(KekId _) -> {
                waiting = "";
                yield transactions.call(this::change);
            }
        };
    }

    /** Judged once more with nobody coming or wrapping meanwhile. */
    private KekId change() {
        KekId before = rows.lockCurrent();
        Outcome outcome = KeyAgreement.of(before, rows.living());
        if (outcome instanceof Outcome.ChangeTo(KekId next) && keks.held().contains(next)) {
            rows.change(before, next, stores);
            audit.record(AuditEntry.by(Actor.SYSTEM, TenantId.PLATFORM, Act.KEK_ROTATED, null, next.hex())
                    .with("former", before.hex()));
            LOG.info(
                    "All controllers have the key-encryption key {}: it is used from now on instead of {}",
                    next,
                    before);
            return next;
        }
        return before;
    }

    /** Once per change: a start has found them as they were. */
    private void followPasswords(KekId current) {
        if (current.equals(passwordsFollow)) {
            return;
        }
        try {
            passwords.follow();
            passwordsFollow = current;
        } catch (SQLException e) {
            LOG.warn(
                    "The passwords of the database's run-time roles could not follow the key; tried again in seconds",
                    e);
        }
    }

    private void rewrap(KekId current) {
        Set<KekId> former = new HashSet<>(keks.held());
        former.remove(current);
        if (former.isEmpty()) {
            return;
        }
        for (WrappedKeyStore store : stores) {
            long done = 0;
            int batch = transactions.call(() -> store.rewrap(former));
            while (batch > 0) {
                done += batch;
                LOG.info("Wrapped {} keys of {} anew by the key-encryption key {}", done, store.table(), current);
                batch = transactions.call(() -> store.rewrap(former));
            }
        }
    }

    /** Told in the folder, for {@code keys list} and {@code keys remove}; and in the log, when it changes. */
    private void count() {
        SequencedMap<KekId, Long> now = transactions.call(() -> rows.wrapped(keks.kept(), stores));
        try {
            new KeyUse(clock.instant(), now).write(home);
        } catch (IOException e) {
            LOG.warn("What the key-encryption keys wrap can't be told in {}: {}", home.folder(), e.toString());
        }
        if (now.equals(counted)) {
            return;
        }
        counted = Map.copyOf(now);
        KekId current = keks.current();
        now.forEach((key, count) -> {
            if (key.equals(current)) {
                return;
            }
            if (count == 0) {
                LOG.info("The key-encryption key {} wraps nothing any more: it may be taken out of the key file", key);
            } else if (keks.held().contains(key)) {
                LOG.info("The key-encryption key {} still wraps {} keys", key, count);
            }
        });
    }
}
