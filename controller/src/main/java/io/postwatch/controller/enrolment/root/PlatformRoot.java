package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.Fingerprint;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One root of the platform's authority, without its key.
 *
 * @param number counts the roots, from 1
 * @param certificate by the root before it; of the first one by itself
 * @param issuesFrom null: it is only prepared
 * @param retired its key is gone, and it is trusted no more
 */
public record PlatformRoot(
        long number, X509Certificate certificate, @Nullable Instant issuesFrom, boolean retired) {
    public PlatformRoot {
        if (number < 1) {
            throw new IllegalArgumentException("Roots are counted from 1");
        }
        if (retired && issuesFrom == null) {
            throw new IllegalArgumentException("Only what has issued is retired");
        }
    }

    boolean issuesBy(Instant now) {
        return !retired && issuesFrom != null && !issuesFrom.isAfter(now);
    }

    /** Whether who trusts that root can trust this one. */
    boolean isCertifiedBy(PlatformRoot other) {
        try {
            certificate.verify(other.certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /** How much of its life is over, from 0 to 1. */
    double age(Instant now) {
        Duration life = Duration.between(validFrom(), validUntil());
        return (double) Duration.between(validFrom(), now).toMillis() / life.toMillis();
    }

    /** When this part of its life is over. */
    Instant atAge(double part) {
        return validFrom()
                .plusMillis(
                        Math.round(Duration.between(validFrom(), validUntil()).toMillis() * part));
    }

    Instant validFrom() {
        return certificate.getNotBefore().toInstant();
    }

    Instant validUntil() {
        return certificate.getNotAfter().toInstant();
    }

    /** SHA-256 of its SubjectPublicKeyInfo: what agents and tokens know it by. */
    public Bytes keyHash() {
        return Bytes.of(Digests.sha256(certificate.getPublicKey().getEncoded()));
    }

    public Fingerprint fingerprint() {
        return new Fingerprint(HexFormat.of().formatHex(Digests.sha256(encoded(certificate))));
    }

    /** DER. */
    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
