package io.postwatch.controller.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ExpectationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.PhaseThresholdRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.web.problem.FieldError;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes requests for tests: an IMAP monitor of mail.example.org unless said otherwise. */
public final class MonitorRequests {
    static final LocationId PUBLIC = new LocationId(new UUID(1, 1));
    static final LocationId PRIVATE = new LocationId(new UUID(2, 2));
    static final ComponentId COMPONENT = new ComponentId(new UUID(3, 3));

    private @Nullable String name;
    private @Nullable String component;
    private @Nullable String type = "imap";
    private @Nullable String host = "mail.example.org";
    private @Nullable Integer port;
    private @Nullable String security;
    private @Nullable String family;
    private @Nullable CredentialsRequest credentials;
    private @Nullable Integer period;
    private @Nullable Integer timeout;
    private @Nullable ThresholdsRequest thresholds;
    private @Nullable CertificateRequest certificate;
    private @Nullable ExpectationsRequest expectations;
    private @Nullable String stopAfter;
    private @Nullable String recipient;
    private @Nullable String folder;
    private @Nullable LocationsRequest locations;
    private @Nullable List<@Nullable String> tags;

    public static MonitorRequests aMonitor() {
        return new MonitorRequests();
    }

    public MonitorRequests name(@Nullable String name) {
        this.name = name;
        return this;
    }

    public MonitorRequests component(String component) {
        this.component = component;
        return this;
    }

    public MonitorRequests type(@Nullable String type) {
        this.type = type;
        return this;
    }

    public MonitorRequests host(@Nullable String host) {
        this.host = host;
        return this;
    }

    public MonitorRequests port(int port) {
        this.port = port;
        return this;
    }

    public MonitorRequests security(String security) {
        this.security = security;
        return this;
    }

    public MonitorRequests family(String family) {
        this.family = family;
        return this;
    }

    public MonitorRequests login(@Nullable String username, @Nullable String password) {
        return login(username, password, null, null);
    }

    public MonitorRequests login(
            @Nullable String username,
            @Nullable String password,
            @Nullable String mechanism,
            @Nullable Boolean allowPlaintext) {
        this.credentials = new CredentialsRequest(username, password, null, null, mechanism, allowPlaintext);
        return this;
    }

    public MonitorRequests token(@Nullable String username, @Nullable String token, @Nullable String mechanism) {
        this.credentials = new CredentialsRequest(username, null, token, null, mechanism, null);
        return this;
    }

    public MonitorRequests credentials(CredentialsRequest credentials) {
        this.credentials = credentials;
        return this;
    }

    public MonitorRequests every(int period) {
        this.period = period;
        return this;
    }

    public MonitorRequests timeout(int timeout) {
        this.timeout = timeout;
        return this;
    }

    public MonitorRequests thresholds(@Nullable Integer warning, @Nullable Integer error) {
        this.thresholds = new ThresholdsRequest(warning, error, null);
        return this;
    }

    public MonitorRequests phases(@Nullable PhaseThresholdRequest... phases) {
        this.thresholds = new ThresholdsRequest(null, null, Arrays.asList(phases));
        return this;
    }

    public MonitorRequests phase(@Nullable String phase, @Nullable Integer warning, @Nullable Integer error) {
        return phases(new PhaseThresholdRequest(phase, warning, error));
    }

    public MonitorRequests certificate(@Nullable Integer warning, @Nullable Integer error) {
        return certificate(new CertificateRequest(warning, error, null, null, null, null, null, null, null));
    }

    public MonitorRequests certificate(CertificateRequest certificate) {
        this.certificate = certificate;
        return this;
    }

    public MonitorRequests percent(@Nullable Integer warning, @Nullable Integer error) {
        return certificate(new CertificateRequest(null, null, warning, error, null, null, null, null, null));
    }

    public MonitorRequests expectedName(String name) {
        return certificate(new CertificateRequest(null, null, null, null, null, name, null, null, null));
    }

    public MonitorRequests serverName(String name) {
        return certificate(new CertificateRequest(null, null, null, null, null, null, name, null, null));
    }

    public MonitorRequests trustAnchors(String pem) {
        return certificate(new CertificateRequest(null, null, null, null, null, null, null, pem, null));
    }

    public MonitorRequests pin(String pin) {
        return certificate(new CertificateRequest(null, null, null, null, null, null, null, null, pin));
    }

    public MonitorRequests greetingContains(String text) {
        this.expectations = new ExpectationsRequest(text, null, null);
        return this;
    }

    public MonitorRequests capabilities(@Nullable String... capabilities) {
        this.expectations = new ExpectationsRequest(null, Arrays.asList(capabilities), null);
        return this;
    }

    public MonitorRequests minimumTls(String version) {
        this.expectations = new ExpectationsRequest(null, null, version);
        return this;
    }

    public MonitorRequests expectations(ExpectationsRequest expectations) {
        this.expectations = expectations;
        return this;
    }

    public MonitorRequests stopAfter(String phase) {
        this.stopAfter = phase;
        return this;
    }

    public MonitorRequests recipient(String recipient) {
        this.recipient = recipient;
        return this;
    }

    public MonitorRequests folder(String folder) {
        this.folder = folder;
        return this;
    }

    public MonitorRequests locations(@Nullable Boolean allPublic, @Nullable String... ids) {
        this.locations = new LocationsRequest(allPublic, Arrays.asList(ids));
        return this;
    }

    public MonitorRequests tags(@Nullable String... tags) {
        this.tags = Arrays.asList(tags);
        return this;
    }

    public MonitorRequest build() {
        return new MonitorRequest(
                name,
                component,
                type,
                host,
                port,
                security,
                family,
                credentials,
                period,
                timeout,
                thresholds,
                certificate,
                expectations,
                stopAfter,
                recipient,
                folder,
                locations,
                tags);
    }

    /** Checks it where there is one public location, one private one and one component. */
    static MonitorCheck.Outcome check(MonitorRequests request, @Nullable MonitorDefinition saved) {
        return MonitorCheck.check(
                request.build(),
                new MonitorCheck.Surroundings(Set.of(PUBLIC), Set.of(PRIVATE), COMPONENT::equals, saved));
    }

    static MonitorDraft good(MonitorRequests request) {
        return switch (check(request, null)) {
            case MonitorCheck.Outcome.Good(MonitorDraft draft) -> draft;
            case MonitorCheck.Outcome.Bad(var errors) -> throw new AssertionError(errors.toString());
        };
    }

    static void refuses(MonitorRequests request, String field, String code) {
        assertThat(errors(check(request, null))).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.message()).isNotBlank().doesNotEndWith(".");
        });
    }

    static List<FieldError> errors(MonitorCheck.Outcome outcome) {
        return switch (outcome) {
            case MonitorCheck.Outcome.Good good -> List.of();
            case MonitorCheck.Outcome.Bad(List<FieldError> errors) -> errors;
        };
    }
}
