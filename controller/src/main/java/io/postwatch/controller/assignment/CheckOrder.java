package io.postwatch.controller.assignment;

import io.postwatch.controller.monitor.MonitorLogin;
import io.postwatch.controller.monitor.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one run does, as told to an agent: everything but the secret. Zero days: no such threshold. */
public record CheckOrder(
        MonitorType type,
        String host,
        int port,
        Security security,
        AddressFamily family,
        Duration timeout,
        @Nullable LoginOrder login,
        @Nullable Duration warning,
        @Nullable Duration error,
        int certificateWarningDays,
        int certificateErrorDays,
        boolean certificateReportOnly) {

    public static CheckOrder of(MonitorSettings settings) {
        MonitorLogin login = settings.login();
        return new CheckOrder(
                settings.type(),
                settings.host().value(),
                settings.port(),
                settings.security(),
                settings.addressFamily(),
                settings.timeout(),
                login == null ? null : new LoginOrder(login.mechanism(), login.allowPlaintext()),
                settings.thresholds().warning(),
                settings.thresholds().error(),
                settings.certificate().warningDays(),
                settings.certificate().errorDays(),
                settings.certificate().reportOnly());
    }

    /** How to log in; no mechanism: the strongest that both sides know. */
    public record LoginOrder(@Nullable AuthMechanism mechanism, boolean allowPlaintext) {}
}
