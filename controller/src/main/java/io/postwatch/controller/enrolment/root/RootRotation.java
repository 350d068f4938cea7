package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.enrolment.root.CertificateForge.Root;
import io.postwatch.controller.enrolment.root.RootRows.StoredRoot;
import io.postwatch.controller.enrolment.root.RootRows.TrustCount;
import io.postwatch.controller.enrolment.root.Roots.Step;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.secret.WrappedKey;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.TenantId;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the platform's next root, lets it take over, and retires former ones: by itself in good time, and sooner where an operator
 * asks. Each step is one transaction that holds the rows of the roots and judges anew, so that of any number of controllers one
 * does it, and whoever comes next goes on where one was killed. Safe for all threads.
 */
@Component
public class RootRotation {
    private static final Logger LOG = LoggerFactory.getLogger(RootRotation.class);

    private final SystemTransactions transactions;
    private final RootRows rows;
    private final Audit audit;
    private final InstantSource clock;
    private final CertificateForge forge = new CertificateForge(new SecureRandom());

    RootRotation(SystemTransactions transactions, RootRows rows, Audit audit, InstantSource clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
        this.clock = clock;
    }

    /** Who asks for a step, and from where. */
    public record Asker(Actor actor, @Nullable String address) {
        static final Asker NOBODY = new Asker(Actor.SYSTEM, null);

        private AuditEntry entry(Act act, PlatformRoot root) {
            AuditEntry entry = AuditEntry.by(
                    actor, TenantId.PLATFORM, act, null, root.fingerprint().hex());
            return address == null ? entry : entry.from(address);
        }
    }

    /**
     * What is known of the roots.
     *
     * @param trusting how many of the agents trust each, by the hash of its key
     */
    public record Status(Roots roots, Map<Bytes, Long> trusting, long agents) {}

    @Scheduled(fixedDelayString = "PT1M")
    void goOnInTime() {
        try {
            goOn();
        } catch (RuntimeException e) {
            LOG.warn("The platform's roots could not be looked after; the next look comes in a minute", e);
        }
    }

    /** Everything that is due. */
    void goOn() {
        boolean done = true;
        while (done) {
            done = switch (transactions.call(this::due)) {
                case null -> false;
                case Step.Prepare() -> prepare(Asker.NOBODY);
                case Step.Change(var _) -> change(Asker.NOBODY);
                case Step.Retire(var _) -> transactions.call(this::retire);
            };
        }
    }

    private @Nullable Step due() {
        return roots(rows.read()).flatMap(roots -> roots.due(clock.instant())).orElse(null);
    }

    private static Optional<Roots> roots(List<StoredRoot> stored) {
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(new Roots(stored.stream().map(StoredRoot::root).toList()));
    }

    /**
     * Makes the next root, certified by the one that issues; it issues nothing yet. Agents hear of it from now on.
     *
     * @return false where there is one already, or none at all yet
     */
    public boolean prepare(Asker asker) {
        KeyPair keys = forge.makeKeys();
        return transactions.call(() -> {
            WrappedKey wrapped = rows.wrap(keys.getPrivate());
            List<StoredRoot> stored = rows.lock();
            Instant now = clock.instant();
            Roots roots = roots(stored).orElse(null);
            if (roots == null || roots.next(now).isPresent()) {
                return false;
            }
            PlatformRoot issuing = roots.issuing(now);
            X509Certificate certificate =
                    forge.signNextRoot(new Root(key(stored, issuing), issuing.certificate()), keys.getPublic(), now);
            PlatformRoot next = new PlatformRoot(roots.all().getLast().number() + 1, certificate, null, false);
            rows.insertNext(next, wrapped, now);
            audit.record(asker.entry(Act.AUTHORITY_ROTATION_BEGUN, next)
                    .with("issuing", issuing.fingerprint().hex()));
            LOG.info("The platform's next root {} is made; {} issues on", next.fingerprint(), issuing.fingerprint());
            return true;
        });
    }

    private PrivateKey key(List<StoredRoot> stored, PlatformRoot root) {
        return stored.stream()
                .filter(one -> one.root().equals(root))
                .flatMap(one -> Optional.ofNullable(one.key()).stream())
                .findFirst()
                .map(rows::unwrap)
                .orElseThrow(
                        () -> new IllegalStateException("The platform's root " + root.fingerprint() + " has no key"));
    }

    /**
     * Writes down from when the next root issues; until then all controllers have read it.
     *
     * @return false where there is no next root, or that is written down already
     */
    public boolean change(Asker asker) {
        return transactions.call(() -> {
            Instant now = clock.instant();
            PlatformRoot next = roots(rows.lock())
                    .flatMap(roots -> roots.next(now))
                    .filter(prepared -> prepared.issuesFrom() == null)
                    .orElse(null);
            if (next == null) {
                return false;
            }
            Instant from = now.plus(Roots.SETTLING);
            rows.issueFrom(next, from);
            audit.record(asker.entry(Act.AUTHORITY_ROOT_CHANGED, next).with("issuesFrom", from));
            LOG.info("Certificates are issued by the platform's root {} from {}", next.fingerprint(), from);
            return true;
        });
    }

    private boolean retire() {
        Instant now = clock.instant();
        Step due = roots(rows.lock()).flatMap(roots -> roots.due(now)).orElse(null);
        if (!(due instanceof Step.Retire(PlatformRoot former))) {
            return false;
        }
        rows.retire(former, now);
        audit.record(Asker.NOBODY.entry(Act.AUTHORITY_ROOT_RETIRED, former));
        LOG.info("The platform's former root {} is retired: nothing that it has issued is good", former.fingerprint());
        return true;
    }

    /** Empty before the first controller has opened its port for agents. */
    public Optional<Status> status() {
        return transactions.call(() -> roots(rows.read()).map(roots -> {
            Map<Bytes, Long> counts =
                    rows.trustedByAgents().stream().collect(Collectors.toMap(TrustCount::keyHash, TrustCount::agents));
            return new Status(roots, counts, counts.getOrDefault(Bytes.EMPTY, 0L));
        }));
    }

    Instant now() {
        return clock.instant();
    }
}
