package io.postwatch.controller.status;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.CertificatePolicy.Expiry;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.PhaseThreshold;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.ExpectationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.PhaseThresholdRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a monitor as they were asked for: an answer, sent back as a request, changes nothing. What is not set is absent. */
final class SettingsView {
    private SettingsView() {}

    static ThresholdsRequest thresholds(Thresholds thresholds) {
        List<@Nullable PhaseThresholdRequest> phases = new ArrayList<>();
        for (PhaseThreshold phase : thresholds.phases()) {
            phases.add(
                    new PhaseThresholdRequest(phase.phase().code(), seconds(phase.warning()), seconds(phase.error())));
        }
        return new ThresholdsRequest(
                secondsOr0(thresholds.warning()), secondsOr0(thresholds.error()), phases.isEmpty() ? null : phases);
    }

    static CertificateRequest certificate(CertificatePolicy policy) {
        Expiry expiry = policy.expiry();
        Expiry.@Nullable Days days = expiry instanceof Expiry.Days given ? given : null;
        Expiry.@Nullable Percent percent = expiry instanceof Expiry.Percent given ? given : null;
        return new CertificateRequest(
                days == null ? null : days.warning(),
                days == null ? null : days.error(),
                percent == null ? null : percent.warning(),
                percent == null ? null : percent.error(),
                policy.reportOnly(),
                policy.expectedName() == null ? null : policy.expectedName().value(),
                policy.serverName() == null ? null : policy.serverName().value(),
                policy.trustAnchors().isEmpty() ? null : policy.trustAnchors().pem(),
                policy.pin() == null ? null : policy.pin().hex());
    }

    static @Nullable ExpectationsRequest expectations(Expectations expectations) {
        if (expectations.equals(Expectations.NONE)) {
            return null;
        }
        List<@Nullable String> capabilities = new ArrayList<>(expectations.capabilities());
        return new ExpectationsRequest(
                expectations.greetingContains(),
                capabilities.isEmpty() ? null : capabilities,
                expectations.minimumTls() == null
                        ? null
                        : expectations.minimumTls().code());
    }

    /** 0 tells from a default that none is wanted. */
    private static int secondsOr0(@Nullable Duration duration) {
        return duration == null ? 0 : (int) duration.toSeconds();
    }

    private static @Nullable Integer seconds(@Nullable Duration duration) {
        return duration == null ? null : (int) duration.toSeconds();
    }
}
