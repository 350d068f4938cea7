package io.postwatch.controller.check;

import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Security;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a monitor does, and how often: everything an agent needs except the secret of the login.
 *
 * @param stopAfter the last phase before the good-bye; null: as far as login, recipient and folder ask for
 * @param recipient whom an SMTP server is asked to take mail for, without any being sent; null: nobody
 * @param folder what is opened read-only after an IMAP login; null: nothing
 */
public record MonitorSettings(
        MonitorType type,
        MailHost host,
        int port,
        Security security,
        FamilyChoice addressFamily,
        @Nullable MonitorLogin login,
        Duration period,
        Duration timeout,
        Thresholds thresholds,
        CertificatePolicy certificate,
        Expectations expectations,
        @Nullable Phase stopAfter,
        @Nullable MailAddress recipient,
        @Nullable String folder) {
    public static final Duration MIN_PERIOD = Duration.ofSeconds(10);
    public static final Duration MAX_PERIOD = Duration.ofHours(24);
    /** No server is worth a longer wait, and a run holds a connection of its agent all the while. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    /** After which phases a run may be told to stop. */
    public static final Set<Phase> STOPS = Collections.unmodifiableSet(
            EnumSet.of(Phase.GREETING, Phase.CAPABILITY, Phase.STARTTLS, Phase.AUTH, Phase.RCPT, Phase.SELECT));

    public MonitorSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is 1 to 65535");
        }
        if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("A period is 10 s to 24 h");
        }
        if (!timeout.isPositive() || timeout.compareTo(period) > 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("A timeout is positive, at most the period and at most 5 min");
        }
        if (!thresholds.areBelow(timeout)) {
            throw new IllegalArgumentException("Thresholds are below the timeout");
        }
        if (stopAfter != null && !STOPS.contains(stopAfter)) {
            throw new IllegalArgumentException("A run does not stop after " + stopAfter);
        }
        if (recipient != null && type != MonitorType.SMTP) {
            throw new IllegalArgumentException("Recipients are SMTP's");
        }
        if (folder != null && (type != MonitorType.IMAP || login == null)) {
            throw new IllegalArgumentException("Folders are IMAP's, after a login");
        }
    }

    /** The same with a login, which is judged once all else is known. */
    public MonitorSettings with(@Nullable MonitorLogin other, @Nullable String folderOfLogin) {
        return new MonitorSettings(
                type,
                host,
                port,
                security,
                addressFamily,
                other,
                period,
                timeout,
                thresholds,
                certificate,
                expectations,
                stopAfter,
                recipient,
                folderOfLogin);
    }

    /** A location reports while its last result is not older than this. */
    public Duration reportingWindow() {
        return period.multipliedBy(2).plus(timeout);
    }
}
