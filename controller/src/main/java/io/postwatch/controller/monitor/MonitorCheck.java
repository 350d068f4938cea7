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
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    private final List<FieldError> errors = new ArrayList<>();
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
        MonitorType type = required("type", request.type(), MonitorType.class);
        MailHost host = host();
        Integer port = range("port", request.port(), 1, 65_535);
        Security security = word("security", request.security(), Security.class);
        AddressFamily family = addressFamily(host);
        Duration period = seconds("periodSeconds", request.periodSeconds(), MonitorDefaults.PERIOD, 10, 86_400);
        Duration timeout = timeout(period);
        Thresholds thresholds = thresholds(timeout);
        CertificatePolicy certificate = certificate();
        LocationSelection locations = locations();
        List<String> tags = tags();
        ComponentId component = component();
        String name = name();
        if (type == null || host == null || !errors.isEmpty()) {
            // Without a sound target the password could not be judged; its form still can.
            credentials(null);
            return new Outcome.Bad(List.copyOf(errors));
        }
        Security chosen = security == null ? MonitorDefaults.security(type, port) : security;
        int chosenPort = port == null ? MonitorDefaults.port(type, chosen) : port;
        MonitorSettings withoutLogin = new MonitorSettings(
                type, host, chosenPort, chosen, family, null, period, timeout, thresholds, certificate);
        Credentials credentials = credentials(withoutLogin);
        if (!errors.isEmpty()) {
            return new Outcome.Bad(List.copyOf(errors));
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
            error("host", "required", "Enter the host name or IP address of the mail server");
            return null;
        }
        return switch (MailHost.read(request.host())) {
            case MailHost.Reading.Accepted(String canonical) -> new MailHost(canonical);
            case MailHost.Reading.Refused(String why) -> {
                error("host", "bad-host", why);
                yield null;
            }
        };
    }

    private AddressFamily addressFamily(@Nullable MailHost host) {
        AddressFamily family = Objects.requireNonNullElse(
                word("addressFamily", request.addressFamily(), AddressFamily.class), AddressFamily.ANY);
        if (host != null && host.isLiteral() && family != AddressFamily.ANY) {
            boolean ipv6 = host.value().indexOf(':') >= 0;
            if (ipv6 != (family == AddressFamily.IPV6)) {
                error("addressFamily", "contradiction", "The host is an address of the other family");
            }
        }
        return family;
    }

    private Duration timeout(Duration period) {
        long most = Math.min(period.toSeconds(), MonitorSettings.MAX_TIMEOUT.toSeconds());
        Duration usual = MonitorDefaults.TIMEOUT.compareTo(period) > 0 ? period : MonitorDefaults.TIMEOUT;
        Integer given = request.timeoutSeconds();
        if (given != null && (given < 1 || given > most)) {
            error(
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
            error("thresholds.warningSeconds", "contradiction", "The warning threshold is below the error threshold");
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
            error(
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
        Integer warning = range("certificate.warningDays", given.warningDays(), 0, MAX_CERTIFICATE_DAYS);
        Integer error = range("certificate.errorDays", given.errorDays(), 0, MAX_CERTIFICATE_DAYS);
        boolean reportOnly = Boolean.TRUE.equals(given.reportOnly());
        if (warning != null && error != null && warning > 0 && error >= warning) {
            error(
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
            error("locations.locationIds", "too-many", "At most " + MAX_LOCATIONS + " locations can be listed");
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
            error("locations", "required", "Choose at least one location, or all public ones");
        }
        return new LocationSelection(allPublic || ids.isEmpty(), ids);
    }

    private @Nullable LocationId location(String field, @Nullable String text) {
        UUID uuid = uuid(field, text);
        if (uuid == null) {
            return null;
        }
        LocationId id = new LocationId(uuid);
        if (!surroundings.publicLocations().contains(id)
                && !surroundings.privateLocations().contains(id)) {
            error(field, "unknown-location", "There is no such location");
            return null;
        }
        return id;
    }

    private List<String> tags() {
        if (request.tags() == null) {
            return List.of();
        }
        if (request.tags().size() > MAX_TAGS) {
            error("tags", "too-many", "A monitor has at most " + MAX_TAGS + " tags");
            return List.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        for (int i = 0; i < request.tags().size(); i++) {
            String tag = text(
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
        UUID uuid = uuid("componentId", request.componentId());
        if (uuid == null) {
            return null;
        }
        ComponentId id = new ComponentId(uuid);
        if (!surroundings.components().test(id)) {
            error("componentId", "unknown-component", "There is no such component");
            return null;
        }
        return id;
    }

    private @Nullable String name() {
        return request.name() == null ? null : text("name", request.name(), MAX_NAME);
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
                : word("credentials.mechanism", given.mechanism(), AuthMechanism.class, "auto", "PLAIN", "LOGIN");
        boolean allowPlaintext = Boolean.TRUE.equals(given.allowPlaintext());
        if (username == null || target == null || !errors.isEmpty()) {
            return Credentials.NONE;
        }
        if (target.security() == Security.NONE && !allowPlaintext) {
            error(
                    "credentials.allowPlaintext",
                    "required",
                    "Without TLS the password can be read on the way: choose starttls or tls, or allow it expressly");
        }
        MonitorLogin login = new MonitorLogin(username, mechanism, allowPlaintext);
        return password == null ? kept(target, login) : new Credentials(login, password, null);
    }

    private @Nullable String username(@Nullable String username) {
        if (username == null || username.isEmpty()) {
            error("credentials.username", "required", "Enter the username, or leave out the credentials");
            return null;
        }
        return fits("credentials.username", username, MAX_USERNAME) ? username : null;
    }

    private @Nullable Password password(@Nullable String password) {
        if (password == null) {
            return null;
        }
        if (password.isEmpty()) {
            error("credentials.password", "required", "Enter the password");
            return null;
        }
        return fits("credentials.password", password, MAX_PASSWORD) ? new Password(password) : null;
    }

    /**
     * A stored password stays only where it goes to the same server, over a connection as safe, for the same user:
     * otherwise whoever may edit a monitor could have it sent to a server of their own.
     */
    private Credentials kept(MonitorSettings target, MonitorLogin login) {
        MonitorDefinition saved = surroundings.saved();
        MonitorLogin loginBefore = saved == null ? null : saved.settings().login();
        if (saved == null || loginBefore == null) {
            error("credentials.password", "required", "Enter the password");
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
            error(
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

    private @Nullable UUID uuid(String field, @Nullable String text) {
        try {
            UUID uuid = UUID.fromString(Objects.requireNonNullElse(text, ""));
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with the short forms that the parser lets through.
        }
        error(field, "bad-id", "This is no id");
        return null;
    }

    private @Nullable String text(String field, String text, int max) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            error(field, "required", "This must not be empty");
            return null;
        }
        return fits(field, stripped, max) ? stripped : null;
    }

    private boolean fits(String field, String text, int max) {
        if (text.length() > max) {
            error(field, "too-long", "This has at most " + max + " characters");
            return false;
        }
        if (text.codePoints().anyMatch(MonitorCheck::isForbidden)) {
            error(field, "control-characters", "This has no line breaks or control characters");
            return false;
        }
        return true;
    }

    /** Control characters, line and paragraph separators, and halves of surrogate pairs, which no encoding can carry. */
    private static boolean isForbidden(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || (c >= 0xD800 && c <= 0xDFFF);
    }

    private Duration seconds(String field, @Nullable Integer value, Duration usual, int least, int most) {
        Integer seconds = range(field, value, least, most);
        return seconds == null ? usual : Duration.ofSeconds(seconds);
    }

    private @Nullable Integer range(String field, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            error(field, "out-of-range", "This is a number from " + least + " to " + most);
            return null;
        }
        return value;
    }

    private <E extends Enum<E>> @Nullable E required(String field, @Nullable String text, Class<E> words) {
        if (text == null) {
            error(field, "required", "This is one of " + list(words));
            return null;
        }
        return word(field, text, words);
    }

    private <E extends Enum<E>> @Nullable E word(String field, @Nullable String text, Class<E> words) {
        return word(field, text, words, list(words));
    }

    private <E extends Enum<E>> @Nullable E word(String field, @Nullable String text, Class<E> words, String... shown) {
        if (text == null) {
            return null;
        }
        boolean upper = words == AuthMechanism.class;
        for (E word : words.getEnumConstants()) {
            if (text.equals(upper ? word.name() : word.name().toLowerCase(Locale.ROOT))) {
                return word;
            }
        }
        error(field, "unknown-value", "This is one of " + String.join(", ", shown));
        return null;
    }

    private static String list(Class<? extends Enum<?>> words) {
        return Arrays.stream(words.getEnumConstants())
                .map(word -> word.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private void error(String field, String code, String message) {
        errors.add(new FieldError(field, code, message));
    }
}
