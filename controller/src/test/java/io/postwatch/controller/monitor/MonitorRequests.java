package io.postwatch.controller.monitor;

import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes requests for tests: an IMAP monitor of mail.example.org unless said otherwise. */
public final class MonitorRequests {
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
        this.credentials = new CredentialsRequest(username, password, mechanism, allowPlaintext);
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
        this.thresholds = new ThresholdsRequest(warning, error);
        return this;
    }

    public MonitorRequests certificate(@Nullable Integer warning, @Nullable Integer error) {
        this.certificate = new CertificateRequest(warning, error, null);
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
                locations,
                tags);
    }
}
