package io.postwatch.agent.probe.certificate;

import io.postwatch.agent.probe.address.MailHost;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a server's certificates count.
 *
 * @param expiry how much of a life may be left
 * @param reportOnly a bad chain is told, but fails no run; a password is withheld from it all the same
 * @param expectedName what the certificate must name; null: the host
 * @param serverName the name told to the server in TLS (RFC 6066, section 3); null: the expected name, or the host, where
 *     it is a name
 * @param trustAnchors at most 10 authorities that are trusted besides the agent's own
 * @param pin of the only leaf that is good: trusted whatever its chain, name and dates; its end is warned of; null: none
 */
public record CertificatePolicy(
        ExpiryLimits expiry,
        boolean reportOnly,
        @Nullable MailHost expectedName,
        @Nullable MailHost serverName,
        List<X509Certificate> trustAnchors,
        @Nullable Fingerprint pin) {

    /** Warns 21 days before the chain expires and fails 7 days before. */
    public static final CertificatePolicy DEFAULT = new CertificatePolicy(21, 7, false);

    private static final int MAX_ANCHORS = 10;

    public CertificatePolicy {
        Objects.requireNonNull(expiry, "expiry");
        if (serverName != null && serverName.literal() != null) {
            throw new IllegalArgumentException("the server name of TLS is a name, never an address");
        }
        trustAnchors = List.copyOf(trustAnchors);
        if (trustAnchors.size() > MAX_ANCHORS) {
            throw new IllegalArgumentException("a check trusts at most " + MAX_ANCHORS + " authorities of its own");
        }
    }

    /** By days alone; 0: never. */
    public CertificatePolicy(int warningDays, int errorDays, boolean reportOnly) {
        this(new ExpiryLimits(ExpiryLimits.Unit.DAYS, warningDays, errorDays), reportOnly, null, null, List.of(), null);
    }

    /** Whether it says more than how a good chain of the host is judged. */
    public boolean expectsOneCertificate() {
        return expectedName != null || serverName != null || !trustAnchors.isEmpty() || pin != null;
    }

    /** What the certificate of that host must name. */
    public MailHost expectedNameFor(MailHost host) {
        return expectedName == null ? host : expectedName;
    }

    /** The name told to that host in TLS; null: none. */
    public @Nullable MailHost serverNameFor(MailHost host) {
        if (serverName != null) {
            return serverName;
        }
        MailHost expected = expectedNameFor(host);
        if (expected.literal() == null) {
            return expected;
        }
        return host.literal() == null ? host : null;
    }
}
