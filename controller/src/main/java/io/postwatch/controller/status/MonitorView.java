package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.monitor.LocationSelection;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.ExpectationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A monitor as the API shows it. Never with its password or access token. */
@Schema(name = "Monitor")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MonitorView(
        UUID id,
        String name,
        UUID componentId,
        String componentName,
        @Schema(allowableValues = {"smtp", "imap", "pop3"}) String type,
        String host,
        int port,

        @Schema(allowableValues = {"none", "starttls", "tls"})
        String security,

        @Schema(allowableValues = {"any", "ipv4", "ipv6", "both"})
        String addressFamily,

        @Nullable CredentialsView credentials,
        int periodSeconds,
        int timeoutSeconds,
        ThresholdsRequest thresholds,
        CertificateRequest certificate,
        @Nullable ExpectationsRequest expectations,

        @Schema(allowableValues = {"greeting", "capability", "starttls", "auth", "rcpt", "select"}) @Nullable
        String stopAfter,

        @Nullable String recipient,
        @Nullable String folder,
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
                SettingsView.thresholds(settings.thresholds()),
                SettingsView.certificate(settings.certificate()),
                SettingsView.expectations(settings.expectations()),
                settings.stopAfter() == null ? null : settings.stopAfter().code(),
                settings.recipient() == null ? null : settings.recipient().value(),
                settings.folder(),
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
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CredentialsView(
            String username,
            boolean passwordSet,
            boolean accessTokenSet,

            @Schema(description = "The name of the secret that only the agent's host knows; absent where it is stored")
            @Nullable
            String localSecret,

            @Schema(
                    allowableValues = {
                        "auto",
                        "PLAIN",
                        "LOGIN",
                        "CRAM-MD5",
                        "SCRAM-SHA-1",
                        "SCRAM-SHA-256",
                        "XOAUTH2",
                        "OAUTHBEARER"
                    })
            String mechanism,

            boolean allowPlaintext) {
        static CredentialsView of(MonitorLogin login) {
            return new CredentialsView(
                    login.username(),
                    login.isStored() && login.secret() == LoginSecret.Kind.PASSWORD,
                    login.isStored() && login.secret() == LoginSecret.Kind.ACCESS_TOKEN,
                    login.localSecret() == null ? null : login.localSecret().text(),
                    login.mechanism() == null ? "auto" : login.mechanism().code(),
                    login.allowPlaintext());
        }
    }

    private static LocationsRequest selection(LocationSelection selection) {
        List<@Nullable String> ids = new ArrayList<>();
        selection.locations().forEach(location -> ids.add(location.toString()));
        return new LocationsRequest(selection.allPublic(), ids);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
