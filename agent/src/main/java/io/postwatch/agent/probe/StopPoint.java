package io.postwatch.agent.probe;

import io.postwatch.agent.probe.certificate.CertificatePolicy;
import org.jspecify.annotations.Nullable;

/** The last step of a dialogue before its good-bye. A run never says more once it has stopped. */
public enum StopPoint {
    /** The greeting, before anything was said. */
    GREETING,
    /** The server's capabilities as told first; with STARTTLS that is before TLS. */
    CAPABILITY,
    /** STARTTLS and the handshake behind it; where capabilities are expected, those that are told through it, too. */
    STARTTLS,
    /** The login. */
    AUTH,
    /** The opening of a folder. */
    SELECT,
    /** The test of a recipient. */
    RCPT;

    /** Whether a dialogue that stops there goes on to this step. */
    public boolean isBefore(@Nullable StopPoint stop) {
        return stop == null || compareTo(stop) < 0;
    }

    /**
     * Refuses what a run that stops there can't do.
     *
     * @param stop null: as far as is asked for
     * @throws IllegalArgumentException with a sentence that names the contradiction
     */
    public static void check(
            @Nullable StopPoint stop,
            Security security,
            boolean logsIn,
            Expectations expectations,
            CertificatePolicy certificatePolicy) {
        refuse(
                expectations.minimumTls() != null && security == Security.NONE,
                "a connection without TLS has no version of TLS to expect");
        if (stop == null) {
            return;
        }
        refuse(stop == STARTTLS && security != Security.STARTTLS, "without STARTTLS a run can't stop after it");
        refuse(stop == AUTH && !logsIn, "without a login a run can't stop after it");
        refuse(logsIn && stop.compareTo(AUTH) < 0, "a run that stops before the login needs no login");
        refuse(
                stop == GREETING && !expectations.capabilities().isEmpty(),
                "a run that stops after the greeting learns no capabilities");
        boolean stopsBeforeTls = security == Security.STARTTLS && stop.compareTo(STARTTLS) < 0;
        refuse(
                expectations.minimumTls() != null && stopsBeforeTls,
                "a run that stops before STARTTLS learns no version of TLS");
        refuse(
                certificatePolicy.expectsOneCertificate() && stopsBeforeTls,
                "a run that stops before STARTTLS sees no certificate");
    }

    private static void refuse(boolean contradiction, String sentence) {
        if (contradiction) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
