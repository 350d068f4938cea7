package io.postwatch.controller.monitor;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A monitor as the API's callers write it: type and host, and whatever differs from the defaults. Not checked yet. */
public record MonitorRequest(
        @Nullable String name,
        @Schema(format = "uuid") @Nullable String componentId,

        @Schema(
                allowableValues = {"smtp", "imap"},
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String type,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String host,

        @Nullable Integer port,

        @Schema(allowableValues = {"none", "starttls", "tls"}) @Nullable
        String security,

        @Schema(allowableValues = {"any", "ipv4", "ipv6"}) @Nullable
        String addressFamily,

        @Nullable CredentialsRequest credentials,
        @Nullable Integer periodSeconds,
        @Nullable Integer timeoutSeconds,
        @Nullable ThresholdsRequest thresholds,
        @Nullable CertificateRequest certificate,
        @Nullable LocationsRequest locations,
        @Nullable List<@Nullable String> tags) {

    /** The same without its password, where it must not leave a trace. */
    public MonitorRequest withoutPassword() {
        return new MonitorRequest(
                name,
                componentId,
                type,
                host,
                port,
                security,
                addressFamily,
                credentials == null
                        ? null
                        : new CredentialsRequest(
                                credentials.username(), null, credentials.mechanism(), credentials.allowPlaintext()),
                periodSeconds,
                timeoutSeconds,
                thresholds,
                certificate,
                locations,
                tags);
    }

    /** A login. A missing password keeps the stored one. */
    @Schema(name = "CredentialsRequest", description = "A missing password keeps the stored one.")
    public record CredentialsRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String username,

            @Schema(accessMode = Schema.AccessMode.WRITE_ONLY) @Nullable
            String password,

            @Schema(allowableValues = {"auto", "PLAIN", "LOGIN"}) @Nullable
            String mechanism,

            @Nullable Boolean allowPlaintext) {
        @Override
        public String toString() {
            return "CredentialsRequest[username=" + username + "]";
        }
    }

    /** Response-time thresholds; 0: none. */
    @Schema(
            name = "Thresholds",
            description =
                    "On the total of a run. 0: no such threshold; absent in a request: the default, unless it does not fit below the timeout or the other threshold.")
    public record ThresholdsRequest(
            @Nullable Integer warningSeconds, @Nullable Integer errorSeconds) {}

    /** Days left; 0: never. */
    @Schema(name = "CertificateSettings", description = "Days left from which a run warns and fails. 0: never.")
    public record CertificateRequest(
            @Nullable Integer warningDays,
            @Nullable Integer errorDays,
            @Nullable Boolean reportOnly) {}

    /** Where it runs. */
    @Schema(
            name = "LocationSelection",
            description =
                    "All public locations, the listed ones, or both. Default: all public and, where there is none, every private one.")
    public record LocationsRequest(
            @Nullable Boolean allPublic,

            @ArraySchema(schema = @Schema(format = "uuid")) @Nullable
            List<@Nullable String> locationIds) {}
}
