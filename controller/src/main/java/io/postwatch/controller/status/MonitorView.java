package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.monitor.LocationSelection;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorLogin;
import io.postwatch.controller.monitor.MonitorSettings;
import io.postwatch.controller.shared.LocationId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A monitor as the API shows it. Never with its password. */
@Schema(name = "Monitor")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MonitorView(
        UUID id,
        String name,
        UUID componentId,
        String componentName,
        String type,
        String host,
        int port,
        String security,
        String addressFamily,
        @Nullable CredentialsView credentials,
        long periodSeconds,
        long timeoutSeconds,
        ThresholdsView thresholds,
        CertificateView certificate,
        SelectionView locations,
        List<String> tags,
        boolean paused,
        long revision,
        Instant createdAt,
        Instant updatedAt,
        MonitorStatusView status) {

    static MonitorView of(MonitorDefinition monitor, String componentName, MonitorStatusView status) {
        MonitorSettings settings = monitor.settings();
        return new MonitorView(
                monitor.id().value(),
                monitor.name(),
                monitor.component().value(),
                componentName,
                lower(settings.type()),
                settings.host().value(),
                settings.port(),
                lower(settings.security()),
                lower(settings.addressFamily()),
                settings.login() == null ? null : CredentialsView.of(settings.login()),
                settings.period().toSeconds(),
                settings.timeout().toSeconds(),
                new ThresholdsView(
                        seconds(settings.thresholds().warning()),
                        seconds(settings.thresholds().error())),
                new CertificateView(
                        settings.certificate().warningDays(),
                        settings.certificate().errorDays(),
                        settings.certificate().reportOnly()),
                SelectionView.of(monitor.locations()),
                monitor.tags(),
                monitor.paused(),
                monitor.revision(),
                monitor.createdAt(),
                monitor.updatedAt(),
                status);
    }

    /** Whom a run logs in as. */
    @Schema(name = "Credentials")
    record CredentialsView(String username, boolean passwordSet, String mechanism, boolean allowPlaintext) {
        static CredentialsView of(MonitorLogin login) {
            return new CredentialsView(
                    login.username(),
                    true,
                    login.mechanism() == null ? "auto" : login.mechanism().name(),
                    login.allowPlaintext());
        }
    }

    /** 0: no such threshold. */
    @Schema(name = "Thresholds")
    record ThresholdsView(long warningSeconds, long errorSeconds) {}

    /** 0: never. */
    @Schema(name = "CertificateSettings")
    record CertificateView(int warningDays, int errorDays, boolean reportOnly) {}

    /** Where it is to run. */
    @Schema(name = "LocationSelection")
    record SelectionView(boolean allPublic, List<UUID> locationIds) {
        static SelectionView of(LocationSelection selection) {
            return new SelectionView(
                    selection.allPublic(),
                    selection.locations().stream().map(LocationId::value).toList());
        }
    }

    private static long seconds(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toSeconds();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
