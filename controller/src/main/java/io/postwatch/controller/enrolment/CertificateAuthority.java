package io.postwatch.controller.enrolment;

import io.postwatch.controller.enrolment.root.CertificateForge;
import io.postwatch.controller.enrolment.root.CertificateForge.Root;
import io.postwatch.controller.enrolment.root.PlatformRoot;
import io.postwatch.controller.enrolment.root.RootRows;
import io.postwatch.controller.enrolment.root.RootRows.StoredRoot;
import io.postwatch.controller.enrolment.root.Roots;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.secret.WrappedKeyStore;
import io.postwatch.controller.shared.id.AgentId;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The platform's own certificate authority: it says who is an agent and who is a controller. Made by the first controller
 * that needs it; its keys lie in the database, wrapped by a key-encryption key, so that every controller signs alike. What
 * another controller changes about its roots is read within seconds, and nothing is read while something is signed. Safe for all
 * threads.
 */
@Component
public class CertificateAuthority implements WrappedKeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateAuthority.class);

    private final SystemTransactions transactions;
    private final RootRows rows;
    private final InstantSource clock;
    private final CertificateForge forge = new CertificateForge(new SecureRandom());
    private volatile @Nullable Known known;

    CertificateAuthority(SystemTransactions transactions, RootRows rows, InstantSource clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.clock = clock;
    }

    /** As they were read last, with the keys of those that can be unwrapped here. */
    private record Known(Roots roots, Map<Long, PrivateKey> keys) {
        Root issuing(Instant now) {
            PlatformRoot issuing = roots.issuing(now);
            PrivateKey key = keys.get(issuing.number());
            if (key == null) {
                throw new IllegalStateException("The key of the platform's root " + issuing.fingerprint()
                        + " can't be unwrapped here: is the key file that of the other controllers?");
            }
            return new Root(key, issuing.certificate());
        }
    }

    /** What agents are to trust a controller by, and controllers an agent; first the one by which both are issued now. */
    public List<X509Certificate> roots() {
        return certificates(known().roots().trusted(clock.instant()));
    }

    /** Those that are not trusted any more, and by which an agent that knows nothing newer finds its way; the newest first. */
    public List<X509Certificate> formerRoots() {
        return certificates(known().roots().former(clock.instant()));
    }

    private static List<X509Certificate> certificates(List<PlatformRoot> roots) {
        return roots.stream().map(PlatformRoot::certificate).toList();
    }

    /** SHA-256 of the SubjectPublicKeyInfo of the root that enrolment tokens name. */
    byte[] keyHash() {
        return known().roots().ofTokens(clock.instant()).keyHash().toArray();
    }

    /** Leaf first, without the root. */
    X509Certificate signAgent(AgentId agent, PublicKey key, Duration lifetime) {
        Instant now = clock.instant();
        return forge.signAgent(
                known().issuing(now),
                agent.value().toString(),
                AgentCertificate.URI_PREFIX + agent.value(),
                key,
                now,
                checked(lifetime));
    }

    /** By which a controller's certificate would be issued now. */
    X509Certificate issuing() {
        return known().roots().issuing(clock.instant()).certificate();
    }

    /**
     * A new key and a certificate for it, with all roots from the one that issues it to the first: by the hash of one of them an
     * agent that enrols knows the platform, and one that has missed a change finds the root that it knows.
     */
    ServerIdentity signController(List<String> dnsNames, Duration lifetime) {
        Instant now = clock.instant();
        Known at = known();
        KeyPair keys = forge.makeKeys();
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(forge.signController(at.issuing(now), dnsNames, keys.getPublic(), now, checked(lifetime)));
        chain.addAll(at.roots().path(now));
        return new ServerIdentity(keys.getPrivate(), chain);
    }

    private static Duration checked(Duration lifetime) {
        if (lifetime.compareTo(Roots.LONGEST_LEAF) > 0) {
            throw new IllegalArgumentException("Roots are not trusted for as long as that");
        }
        return lifetime;
    }

    private Known known() {
        Known at = known;
        return at == null ? read() : at;
    }

    /** By one thread. */
    @Scheduled(fixedDelayString = "PT5S")
    void refreshInTime() {
        try {
            refresh();
        } catch (DataAccessException | TransactionException | IllegalStateException e) {
            LOG.warn("The platform's roots could not be read; the next try comes in seconds", e);
        }
    }

    /** What other controllers have changed is known from now on. */
    void refresh() {
        Known _ = read();
    }

    private synchronized Known read() {
        Known before = known;
        List<StoredRoot> stored = transactions.call(rows::read);
        if (withKey(stored) == 0) {
            if (before != null) {
                throw new IllegalStateException(
                        "The database has lost the platform's authority; its root serves on here");
            }
            make();
            stored = transactions.call(rows::read);
        }
        Roots roots = new Roots(stored.stream().map(StoredRoot::root).toList());
        Known now =
                before != null && before.roots().equals(roots) && before.keys().size() == withKey(stored)
                        ? before
                        : new Known(roots, keys(stored, before));
        if (before == null || !before.roots().equals(roots)) {
            tell(roots);
        }
        known = now;
        return now;
    }

    private static long withKey(List<StoredRoot> stored) {
        return stored.stream().filter(root -> root.key() != null).count();
    }

    /** One that can't be unwrapped is missing only where something is to be signed by it. */
    private Map<Long, PrivateKey> keys(List<StoredRoot> stored, @Nullable Known before) {
        Map<Long, PrivateKey> keys = new HashMap<>();
        for (StoredRoot one : stored) {
            PrivateKey held = before != null && before.roots().all().contains(one.root())
                    ? before.keys().get(one.root().number())
                    : null;
            if (held != null) {
                keys.put(one.root().number(), held);
            } else if (one.key() != null) {
                try {
                    keys.put(one.root().number(), rows.unwrap(one.key()));
                } catch (DataAccessException e) {
                    LOG.debug(
                            "The key of the platform's root {} is not read",
                            one.root().fingerprint(),
                            e);
                }
            }
        }
        return keys;
    }

    private void tell(Roots roots) {
        Instant now = clock.instant();
        LOG.info(
                "Certificates are issued by the platform's root {}{}",
                roots.issuing(now).fingerprint(),
                roots.next(now)
                        .map(next -> next.issuesFrom() == null
                                ? "; the next one is " + next.fingerprint()
                                : ", and from " + next.issuesFrom() + " by " + next.fingerprint())
                        .orElse(""));
    }

    /** Where two controllers start at once, one row wins and both use it. */
    private void make() {
        Instant now = clock.instant();
        KeyPair keys = forge.makeKeys();
        X509Certificate certificate = forge.signRoot(keys, now);
        transactions.run(() -> rows.insertFirst(certificate, rows.wrap(keys.getPrivate()), now));
    }

    @Override
    public String table() {
        return RootRows.TABLE;
    }

    @Override
    public int rewrap(Set<KekId> former) {
        return rows.rewrap(former);
    }

    static byte[] encoded(X509Certificate certificate) {
        return PlatformRoot.encoded(certificate);
    }
}
