package io.postwatch.agent.probe.certificate;

import io.postwatch.agent.probe.bounds.Checks;

/**
 * How a server's certificates count.
 *
 * @param warningDays days left at which a run warns; 0: never
 * @param errorDays days left at which a run fails; 0: never
 * @param reportOnly a bad chain is told, but fails no run; a password is withheld from it all the same
 */
public record CertificatePolicy(int warningDays, int errorDays, boolean reportOnly) {

    /** Warns 21 days before the chain expires and fails 7 days before. */
    public static final CertificatePolicy DEFAULT = new CertificatePolicy(21, 7, false);

    public CertificatePolicy {
        Checks.notNegative(warningDays, "warningDays");
        Checks.notNegative(errorDays, "errorDays");
    }
}
