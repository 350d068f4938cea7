package io.postwatch.controller.check;

import io.postwatch.controller.shared.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * How a chain is judged.
 *
 * @param expiry from when on a certificate that expires is told
 * @param reportOnly a bad chain is reported and does not fail the run; no password is sent after one either way
 * @param expectedName the name the certificate must carry; null: the host
 * @param serverName what is asked for in TLS (RFC 6066, section 3); null: the expected name or the host, where it is a name
 * @param trustAnchors authorities that are trusted besides the agent's own
 * @param pin the leaf that is trusted whatever its chain, name and dates; any other fails the run; null: none
 */
public record CertificatePolicy(
        Expiry expiry,
        boolean reportOnly,
        @Nullable MailHost expectedName,
        @Nullable MailHost serverName,
        TrustAnchors trustAnchors,
        @Nullable Fingerprint pin) {
    public CertificatePolicy {
        if (serverName != null && serverName.isLiteral()) {
            throw new IllegalArgumentException("TLS asks for names, not for addresses");
        }
    }

    /** Days left and nothing else. */
    public CertificatePolicy(int warningDays, int errorDays, boolean reportOnly) {
        this(new Expiry.Days(warningDays, errorDays), reportOnly, null, null, TrustAnchors.NONE, null);
    }

    /** From when on a certificate that expires is told. */
    public sealed interface Expiry {
        /**
         * By days left.
         *
         * @param warning from which on a run warns; 0: never
         * @param error from which on a run fails; 0: not before the certificate has expired
         */
        record Days(int warning, int error) implements Expiry {
            public Days {
                if (warning < 0 || error < 0) {
                    throw new IllegalArgumentException("Days left are not negative");
                }
                if (warning > 0 && error >= warning) {
                    throw new IllegalArgumentException("The warning comes before the error");
                }
            }
        }

        /** By percent of the lifetime left, 1 to 99; null: never, or not before the certificate has expired. */
        record Percent(@Nullable Integer warning, @Nullable Integer error) implements Expiry {
            public Percent {
                if (warning == null && error == null) {
                    throw new IllegalArgumentException("Percent of a lifetime warn or fail");
                }
                requirePercent(warning);
                requirePercent(error);
                if (warning != null && error != null && error > warning) {
                    throw new IllegalArgumentException("The warning comes no later than the error");
                }
            }

            private static void requirePercent(@Nullable Integer percent) {
                if (percent != null && (percent < 1 || percent > 99)) {
                    throw new IllegalArgumentException("Percent of a lifetime are 1 to 99");
                }
            }
        }
    }
}
