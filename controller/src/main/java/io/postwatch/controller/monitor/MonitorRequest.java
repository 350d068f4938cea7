package io.postwatch.controller.monitor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A monitor as the API's callers write it: type and host, and whatever differs from the defaults. Not checked yet. */
public record MonitorRequest(
        @Nullable String name,
        @Schema(format = "uuid") @Nullable String componentId,

        @Schema(
                allowableValues = {"smtp", "imap", "pop3"},
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String type,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String host,

        @Nullable Integer port,

        @Schema(allowableValues = {"none", "starttls", "tls"}) @Nullable
        String security,

        @Schema(
                description =
                        "both: IPv4 and IPv6, each by runs of its own and judged by itself; not for a host that is an address.",
                allowableValues = {"any", "ipv4", "ipv6", "both"})
        @Nullable
        String addressFamily,

        @Nullable CredentialsRequest credentials,
        @Nullable Integer periodSeconds,
        @Nullable Integer timeoutSeconds,
        @Nullable ThresholdsRequest thresholds,
        @Nullable CertificateRequest certificate,
        @Nullable ExpectationsRequest expectations,

        @Schema(
                description =
                        "The last step of the dialogue. Default: as far as credentials, recipient and folder ask for.",
                allowableValues = {"greeting", "capability", "starttls", "auth", "rcpt", "select"})
        @Nullable
        String stopAfter,

        @Schema(
                description =
                        "With smtp: an address that the server is asked to take mail for (MAIL FROM:<>, RCPT TO, RSET). No mail is sent.")
        @Nullable
        String recipient,

        @Schema(description = "With imap and credentials: a folder that is opened read-only (EXAMINE).") @Nullable
        String folder,

        @Nullable LocationsRequest locations,
        @Nullable List<@Nullable String> tags) {

    /** The same without its password or access token, where it must not leave a trace. */
    public MonitorRequest withoutSecret() {
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
                                credentials.username(),
                                null,
                                null,
                                credentials.localSecret(),
                                credentials.mechanism(),
                                credentials.allowPlaintext()),
                periodSeconds,
                timeoutSeconds,
                thresholds,
                certificate,
                expectations,
                stopAfter,
                recipient,
                folder,
                locations,
                tags);
    }

    /** A login. Where password, access token and local secret are missing the stored one is kept. */
    @Schema(
            name = "CredentialsRequest",
            description =
                    "One of a password, an access token and a local secret. Where all are missing the stored one is kept.")
    public record CredentialsRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String username,

            @Schema(accessMode = Schema.AccessMode.WRITE_ONLY) @Nullable
            String password,

            @Schema(
                    accessMode = Schema.AccessMode.WRITE_ONLY,
                    description = "An OAuth 2.0 bearer token, for XOAUTH2 and OAUTHBEARER.")
            @Nullable
            String accessToken,

            @Schema(
                    description =
                            "The name of a secret that only the agent's host knows, as the agent's own configuration lists it: an access token with XOAUTH2 and OAUTHBEARER, a password else. At private locations only.")
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
            @Nullable
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
                    "On the total of a run and on its phases. 0: no such threshold; absent in a request: the default of the total, unless it does not fit below the timeout or the other threshold, and none of phases.")
    public record ThresholdsRequest(
            @Nullable Integer warningSeconds,
            @Nullable Integer errorSeconds,
            @Nullable List<@Nullable PhaseThresholdRequest> phases) {
        static final ThresholdsRequest NONE = new ThresholdsRequest(null, null, null);
    }

    /** Of one phase. */
    @Schema(
            name = "PhaseThreshold",
            description =
                    "One of the two at least; each phase once. A phase that occurs twice in a run counts as their sum.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PhaseThresholdRequest(
            @Schema(
                    allowableValues = {
                        "resolve",
                        "connect",
                        "tls",
                        "greeting",
                        "capability",
                        "starttls",
                        "auth",
                        "select",
                        "mail",
                        "rcpt",
                        "quit"
                    },
                    requiredMode = Schema.RequiredMode.REQUIRED)
            @Nullable
            String phase,

            @Nullable Integer warningSeconds,
            @Nullable Integer errorSeconds) {}

    /** What a certificate must be. */
    @Schema(
            name = "CertificateSettings",
            description =
                    "Days or percent of the lifetime left from which a run warns and fails, never both; 0 days: never. Absent in a request: 21 and 7 days.")
    public record CertificateRequest(
            @Nullable Integer warningDays,
            @Nullable Integer errorDays,
            @Nullable Integer warningPercent,
            @Nullable Integer errorPercent,
            @Nullable Boolean reportOnly,

            @Schema(description = "Host name or IP address that the certificate must carry. Default: the host.")
            @Nullable
            String expectedName,

            @Schema(description = "Name asked for in TLS (SNI). Default: the expected name or the host.") @Nullable
            String serverName,

            @Schema(description = "PEM of up to 10 certificates that are trusted besides the public authorities.")
            @Nullable
            String trustAnchors,

            @Schema(
                    description =
                            "SHA-256 of the one certificate that is trusted, whoever issued it: 64 hexadecimal digits.")
            @Nullable
            String pin) {
        static final CertificateRequest NONE =
                new CertificateRequest(null, null, null, null, null, null, null, null, null);

        /** Whether it says more than how a good chain of the host is judged. */
        boolean expectsOneCertificate() {
            return expectedName != null || serverName != null || trustAnchors != null || pin != null;
        }
    }

    /** What a server must say. */
    @Schema(name = "Expectations", description = "What a server must say beyond the protocol.")
    public record ExpectationsRequest(
            @Nullable String greetingContains,

            @Schema(description = "Keywords, or a keyword and a parameter, such as AUTH PLAIN.") @Nullable
            List<@Nullable String> capabilities,

            @Schema(allowableValues = {"1.2", "1.3"}) @Nullable
            String minimumTls) {
        static final ExpectationsRequest NONE = new ExpectationsRequest(null, null, null);
    }

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
