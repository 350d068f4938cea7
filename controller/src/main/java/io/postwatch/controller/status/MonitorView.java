package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.monitor.LocationSelection;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorLogin;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import io.postwatch.controller.monitor.MonitorSettings;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        @Schema(allowableValues = {"smtp", "imap"}) String type,
        String host,
        int port,

        @Schema(allowableValues = {"none", "starttls", "tls"})
        String security,

        @Schema(allowableValues = {"any", "ipv4", "ipv6"}) String addressFamily,
        @Nullable CredentialsView credentials,
        int periodSeconds,
        int timeoutSeconds,
        ThresholdsRequest thresholds,
        CertificateRequest certificate,
        LocationsRequest locations,
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
                (int) settings.period().toSeconds(),
                (int) settings.timeout().toSeconds(),
                new ThresholdsRequest(
                        seconds(settings.thresholds().warning()),
                        seconds(settings.thresholds().error())),
                new CertificateRequest(
                        settings.certificate().warningDays(),
                        settings.certificate().errorDays(),
                        settings.certificate().reportOnly()),
                selection(monitor.locations()),
                monitor.tags(),
                monitor.paused(),
                monitor.revision(),
                monitor.createdAt(),
                monitor.updatedAt(),
                status);
    }

    /** Whom a run logs in as. */
    @Schema(name = "Credentials")
    record CredentialsView(
            String username,
            boolean passwordSet,

            @Schema(allowableValues = {"auto", "PLAIN", "LOGIN"})
            String mechanism,

            boolean allowPlaintext) {
        static CredentialsView of(MonitorLogin login) {
            return new CredentialsView(
                    login.username(),
                    true,
                    login.mechanism() == null ? "auto" : login.mechanism().name(),
                    login.allowPlaintext());
        }
    }

    private static LocationsRequest selection(LocationSelection selection) {
        List<@Nullable String> ids = new ArrayList<>();
        selection.locations().forEach(location -> ids.add(location.toString()));
        return new LocationsRequest(selection.allPublic(), ids);
    }

    private static int seconds(@Nullable Duration duration) {
        return duration == null ? 0 : (int) duration.toSeconds();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
