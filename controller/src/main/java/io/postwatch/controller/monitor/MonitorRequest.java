package io.postwatch.controller.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A monitor as the API's callers write it: type and host, and whatever differs from the defaults. Not checked yet. */
public record MonitorRequest(
        @Nullable String name,
        @Nullable String componentId,
        @Nullable String type,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String security,
        @Nullable String addressFamily,
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
    public record CredentialsRequest(
            @Nullable String username,
            @Nullable String password,
            @Nullable String mechanism,
            @Nullable Boolean allowPlaintext) {
        @Override
        public String toString() {
            return "CredentialsRequest[username=" + username + "]";
        }
    }

    /** Response-time thresholds; 0: none. */
    public record ThresholdsRequest(
            @Nullable Integer warningSeconds, @Nullable Integer errorSeconds) {}

    /** Days left; 0: never. */
    public record CertificateRequest(
            @Nullable Integer warningDays,
            @Nullable Integer errorDays,
            @Nullable Boolean reportOnly) {}

    /** Where it runs. */
    public record LocationsRequest(
            @Nullable Boolean allPublic, @Nullable List<@Nullable String> locationIds) {}
}
