package io.postwatch.controller.monitor;

/**
 * How a chain is judged.
 *
 * @param warningDays days left from which on a run warns; 0: never
 * @param errorDays days left from which on a run fails; 0: not before the certificate has expired
 * @param reportOnly a bad chain is reported and does not fail the run; no password is sent after one either way
 */
public record CertificatePolicy(int warningDays, int errorDays, boolean reportOnly) {
    public CertificatePolicy {
        if (warningDays < 0 || errorDays < 0) {
            throw new IllegalArgumentException("Days left are not negative");
        }
        if (warningDays > 0 && errorDays >= warningDays) {
            throw new IllegalArgumentException("The warning comes before the error");
        }
    }
}
