package io.postwatch.controller.monitor;

import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.CredentialsRequest;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.ComponentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.SecretId;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.web.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns a request into a draft with every default filled in, or into all that is wrong with it. One instance per request. */
final class MonitorCheck {
    static final int MAX_NAME = 200;
    static final int MAX_USERNAME = 255;
    static final int MAX_PASSWORD = 1_024;
    static final int MAX_TAGS = 20;
    static final int MAX_TAG = 50;
    static final int MAX_LOCATIONS = 100;
    static final int MAX_CERTIFICATE_DAYS = 3_650;

    /** What a request is checked against: what its tenant can see, and the monitor that it changes. */
    record Surroundings(
            Set<LocationId> publicLocations,
            Set<LocationId> privateLocations,
            Predicate<ComponentId> components,
            @Nullable MonitorDefinition saved) {}

    /** What a check comes to. */
    sealed interface Outcome {
        /** Nothing is wrong. */
        record Good(MonitorDraft draft) implements Outcome {}

        /** Everything that is wrong, at least one thing. */
        record Bad(List<FieldError> errors) implements Outcome {}
    }

    private record Credentials(
            @Nullable MonitorLogin login,
            @Nullable Password password,
            @Nullable SecretId kept) {
        static final Credentials NONE = new Credentials(null, null, null);
    }

    private final FieldChecks fields = new FieldChecks();
    private final MonitorRequest request;
    private final Surroundings surroundings;

    private MonitorCheck(MonitorRequest request, Surroundings surroundings) {
        this.request = request;
        this.surroundings = surroundings;
    }

    static Outcome check(MonitorRequest request, Surroundings surroundings) {
        return new MonitorCheck(request, surroundings).run();
    }

    private Outcome run() {
        MonitorType type = fields.required("type", request.type(), MonitorType.class);
        MailHost host = host();
        Integer port = fields.range("port", request.port(), 1, 65_535);
        Security security = fields.word("security", request.security(), Security.class);
        AddressFamily family = addressFamily(host);
        Duration period = fields.seconds("periodSeconds", request.periodSeconds(), MonitorDefaults.PERIOD, 10, 86_400);
        Duration timeout = timeout(period);
        Thresholds thresholds = thresholds(timeout);
        CertificatePolicy certificate = certificate();
        LocationSelection locations = locations();
        List<String> tags = tags();
        ComponentId component = component();
        String name = name();
        if (type == null || host == null || !fields.allGood()) {
            // Without a sound target the password could not be judged; its form still can.
            credentials(null);
            return new Outcome.Bad(fields.errors());
        }
        Security chosen = security == null ? MonitorDefaults.security(type, port) : security;
        int chosenPort = port == null ? MonitorDefaults.port(type, chosen) : port;
        MonitorSettings withoutLogin = new MonitorSettings(
                type, host, chosenPort, chosen, family, null, period, timeout, thresholds, certificate);
        Credentials credentials = credentials(withoutLogin);
        if (!fields.allGood()) {
            return new Outcome.Bad(fields.errors());
        }
        MonitorSettings settings = new MonitorSettings(
                type, host, chosenPort, chosen, family, credentials.login(), period, timeout, thresholds, certificate);
        return new Outcome.Good(new MonitorDraft(
                name == null ? MonitorDefaults.name(type, host, chosenPort, chosen) : name,
                component,
                settings,
                locations,
                tags,
                credentials.password(),
                credentials.kept()));
    }

    private @Nullable MailHost host() {
        if (request.host() == null) {
            fields.error("host", "required", "Enter the host name or IP address of the mail server");
            return null;
        }
        return switch (MailHost.read(request.host())) {
            case MailHost.Reading.Accepted(String canonical) -> new MailHost(canonical);
            case MailHost.Reading.Refused(String why) -> {
                fields.error("host", "bad-host", why);
                yield null;
            }
        };
    }

    private AddressFamily addressFamily(@Nullable MailHost host) {
        AddressFamily family = Objects.requireNonNullElse(
                fields.word("addressFamily", request.addressFamily(), AddressFamily.class), AddressFamily.ANY);
        if (host != null && host.isLiteral() && family != AddressFamily.ANY) {
            boolean ipv6 = host.value().indexOf(':') >= 0;
            if (ipv6 != (family == AddressFamily.IPV6)) {
                fields.error("addressFamily", "contradiction", "The host is an address of the other family");
            }
        }
        return family;
    }

    private Duration timeout(Duration period) {
        long most = Math.min(period.toSeconds(), MonitorSettings.MAX_TIMEOUT.toSeconds());
        Duration usual = MonitorDefaults.TIMEOUT.compareTo(period) > 0 ? period : MonitorDefaults.TIMEOUT;
        Integer given = request.timeoutSeconds();
        if (given != null && (given < 1 || given > most)) {
            fields.error(
                    "timeoutSeconds",
                    "out-of-range",
                    "The timeout is 1 to " + most + " s: at most the period, and at most 300 s");
            return usual;
        }
        return given == null ? usual : Duration.ofSeconds(given);
    }

    /** A default that does not fit what was said is left out: the timeout, or the threshold given, does its work. */
    private Thresholds thresholds(Duration timeout) {
        ThresholdsRequest given = Objects.requireNonNullElse(request.thresholds(), new ThresholdsRequest(null, null));
        Duration warning = threshold("thresholds.warningSeconds", given.warningSeconds(), timeout);
        Duration error = threshold("thresholds.errorSeconds", given.errorSeconds(), timeout);
        if (warning != null && error != null && warning.compareTo(error) >= 0) {
            fields.error(
                    "thresholds.warningSeconds", "contradiction", "The warning threshold is below the error threshold");
            return new Thresholds(null, null);
        }
        if (given.warningSeconds() == null && MonitorDefaults.WARNING.compareTo(lesser(error, timeout)) < 0) {
            warning = MonitorDefaults.WARNING;
        }
        boolean errorFits = MonitorDefaults.ERROR.compareTo(timeout) < 0
                && (warning == null || MonitorDefaults.ERROR.compareTo(warning) > 0);
        if (given.errorSeconds() == null && errorFits) {
            error = MonitorDefaults.ERROR;
        }
        return new Thresholds(warning, error);
    }

    private @Nullable Duration threshold(String field, @Nullable Integer seconds, Duration timeout) {
        if (seconds == null || seconds == 0) {
            return null;
        }
        if (seconds < 0 || seconds >= timeout.toSeconds()) {
            fields.error(
                    field,
                    "out-of-range",
                    "A threshold is below the timeout of " + timeout.toSeconds() + " s; 0 means none");
            return null;
        }
        return Duration.ofSeconds(seconds);
    }

    private static Duration lesser(@Nullable Duration threshold, Duration timeout) {
        return threshold == null ? timeout : threshold;
    }

    private CertificatePolicy certificate() {
        CertificateRequest given =
                Objects.requireNonNullElse(request.certificate(), new CertificateRequest(null, null, null));
        Integer warning = fields.range("certificate.warningDays", given.warningDays(), 0, MAX_CERTIFICATE_DAYS);
        Integer error = fields.range("certificate.errorDays", given.errorDays(), 0, MAX_CERTIFICATE_DAYS);
        boolean reportOnly = Boolean.TRUE.equals(given.reportOnly());
        if (warning != null && error != null && warning > 0 && error >= warning) {
            fields.error(
                    "certificate.warningDays",
                    "contradiction",
                    "The warning comes more days before expiry than the error");
            return new CertificatePolicy(0, 0, reportOnly);
        }
        int days = warning != null
                ? warning
                : error != null && error >= MonitorDefaults.CERTIFICATE_WARNING_DAYS
                        ? 0
                        : MonitorDefaults.CERTIFICATE_WARNING_DAYS;
        int errorDays = error != null
                ? error
                : days > 0 && days <= MonitorDefaults.CERTIFICATE_ERROR_DAYS
                        ? 0
                        : MonitorDefaults.CERTIFICATE_ERROR_DAYS;
        return new CertificatePolicy(days, errorDays, reportOnly);
    }

    private LocationSelection locations() {
        LocationsRequest given = request.locations();
        if (given == null || (given.allPublic() == null && given.locationIds() == null)) {
            boolean privateOnly = surroundings.publicLocations().isEmpty()
                    && !surroundings.privateLocations().isEmpty();
            return new LocationSelection(
                    !privateOnly, privateOnly ? List.copyOf(surroundings.privateLocations()) : List.of());
        }
        boolean allPublic = Boolean.TRUE.equals(given.allPublic());
        List<@Nullable String> texts = given.locationIds() == null ? List.of() : given.locationIds();
        if (texts.size() > MAX_LOCATIONS) {
            fields.error("locations.locationIds", "too-many", "At most " + MAX_LOCATIONS + " locations can be listed");
            return new LocationSelection(true, List.of());
        }
        List<LocationId> ids = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            LocationId id = location("locations.locationIds[" + i + "]", texts.get(i));
            if (id != null) {
                ids.add(id);
            }
        }
        if (!allPublic && texts.isEmpty()) {
            fields.error("locations", "required", "Choose at least one location, or all public ones");
        }
        return new LocationSelection(allPublic || ids.isEmpty(), ids);
    }

    private @Nullable LocationId location(String field, @Nullable String text) {
        UUID uuid = fields.uuid(field, text);
        if (uuid == null) {
            return null;
        }
        LocationId id = new LocationId(uuid);
        if (!surroundings.publicLocations().contains(id)
                && !surroundings.privateLocations().contains(id)) {
            fields.error(field, "unknown-location", "There is no such location");
            return null;
        }
        return id;
    }

    private List<String> tags() {
        if (request.tags() == null) {
            return List.of();
        }
        if (request.tags().size() > MAX_TAGS) {
            fields.error("tags", "too-many", "A monitor has at most " + MAX_TAGS + " tags");
            return List.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        for (int i = 0; i < request.tags().size(); i++) {
            String tag = fields.text(
                    "tags[" + i + "]", Objects.requireNonNullElse(request.tags().get(i), ""), MAX_TAG);
            if (tag != null) {
                tags.add(tag);
            }
        }
        return List.copyOf(tags);
    }

    private @Nullable ComponentId component() {
        if (request.componentId() == null) {
            return null;
        }
        UUID uuid = fields.uuid("componentId", request.componentId());
        if (uuid == null) {
            return null;
        }
        ComponentId id = new ComponentId(uuid);
        if (!surroundings.components().test(id)) {
            fields.error("componentId", "unknown-component", "There is no such component");
            return null;
        }
        return id;
    }

    private @Nullable String name() {
        return request.name() == null ? null : fields.text("name", request.name(), MAX_NAME);
    }

    private Credentials credentials(@Nullable MonitorSettings target) {
        CredentialsRequest given = request.credentials();
        if (given == null) {
            return Credentials.NONE;
        }
        String username = username(given.username());
        Password password = password(given.password());
        AuthMechanism mechanism = "auto".equals(given.mechanism())
                ? null
                : fields.word(
                        "credentials.mechanism", given.mechanism(), AuthMechanism.class, "auto", "PLAIN", "LOGIN");
        boolean allowPlaintext = Boolean.TRUE.equals(given.allowPlaintext());
        if (username == null || target == null || !fields.allGood()) {
            return Credentials.NONE;
        }
        if (target.security() == Security.NONE && !allowPlaintext) {
            fields.error(
                    "credentials.allowPlaintext",
                    "required",
                    "Without TLS the password can be read on the way: choose starttls or tls, or allow it expressly");
        }
        MonitorLogin login = new MonitorLogin(username, mechanism, allowPlaintext);
        return password == null ? kept(target, login) : new Credentials(login, password, null);
    }

    private @Nullable String username(@Nullable String username) {
        if (username == null || username.isEmpty()) {
            fields.error("credentials.username", "required", "Enter the username, or leave out the credentials");
            return null;
        }
        return fields.fits("credentials.username", username, MAX_USERNAME) ? username : null;
    }

    private @Nullable Password password(@Nullable String password) {
        if (password == null) {
            return null;
        }
        if (password.isEmpty()) {
            fields.error("credentials.password", "required", "Enter the password");
            return null;
        }
        return fields.fits("credentials.password", password, MAX_PASSWORD) ? new Password(password) : null;
    }

    /**
     * A stored password stays only where it goes to the same server, over a connection as safe, for the same user:
     * otherwise whoever may edit a monitor could have it sent to a server of their own.
     */
    private Credentials kept(MonitorSettings target, MonitorLogin login) {
        MonitorDefinition saved = surroundings.saved();
        MonitorLogin loginBefore = saved == null ? null : saved.settings().login();
        if (saved == null || loginBefore == null) {
            fields.error("credentials.password", "required", "Enter the password");
            return Credentials.NONE;
        }
        MonitorSettings before = saved.settings();
        List<String> changed = new ArrayList<>();
        changedIf(changed, before.type() != target.type(), "type");
        changedIf(changed, !before.host().equals(target.host()), "host");
        changedIf(changed, before.port() != target.port(), "port");
        changedIf(changed, before.security() != target.security(), "security");
        changedIf(changed, !loginBefore.username().equals(login.username()), "username");
        changedIf(
                changed, login.allowPlaintext() && !loginBefore.allowPlaintext(), "permission to send it unencrypted");
        if (!changed.isEmpty()) {
            fields.error(
                    "credentials.password",
                    "password-required",
                    "Enter the password again: the stored one is kept only while it goes to the same place, and this changes the "
                            + String.join(", ", changed));
            return Credentials.NONE;
        }
        return new Credentials(login, null, saved.password());
    }

    private static void changedIf(List<String> changed, boolean different, String what) {
        if (different) {
            changed.add(what);
        }
    }
}
