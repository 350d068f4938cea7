package io.postwatch.controller.monitor;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.FamilyChoice;
import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.monitor.MonitorRequest.LocationsRequest;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.web.problem.FieldError;
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
    static final int MAX_TAGS = 20;
    static final int MAX_TAG = 50;
    static final int MAX_LOCATIONS = 100;

    private static final String LOCAL_SECRET = "credentials.localSecret";

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
        if (type != null && request.security() == null) {
            security = MonitorDefaults.security(type, port);
        }
        FamilyChoice family = addressFamily(host);
        Duration period = fields.seconds("periodSeconds", request.periodSeconds(), MonitorDefaults.PERIOD, 10, 86_400);
        Duration timeout = timeout(period);
        Thresholds thresholds = ThresholdCheck.check(fields, request.thresholds(), timeout);
        CertificatePolicy certificate = CertificateCheck.check(fields, request.certificate());
        DialogueCheck dialogue = new DialogueCheck(fields, request, type, security);
        Expectations expectations = dialogue.expectations();
        Phase stopAfter = dialogue.stopAfter();
        MailAddress recipient = dialogue.recipient();
        String folder = dialogue.folder();
        LocationSelection locations = locations();
        List<String> tags = tags();
        ComponentId component = component();
        String name = name();
        if (type == null || host == null || security == null || !fields.allGood()) {
            // Without a sound target the password could not be judged; its form still can.
            CredentialsCheck.check(fields, request.credentials(), null, null);
            return new Outcome.Bad(fields.errors());
        }
        int chosenPort = port == null ? MonitorDefaults.port(type, security) : port;
        MonitorSettings target = new MonitorSettings(
                type,
                host,
                chosenPort,
                security,
                family,
                null,
                period,
                timeout,
                thresholds,
                certificate,
                expectations,
                stopAfter,
                recipient,
                null);
        CredentialsCheck.Credentials credentials =
                CredentialsCheck.check(fields, request.credentials(), target, surroundings.saved());
        if (!fields.allGood()) {
            return new Outcome.Bad(fields.errors());
        }
        return new Outcome.Good(new MonitorDraft(
                name == null ? MonitorDefaults.name(type, host, chosenPort, security) : name,
                component,
                target.with(credentials.login(), folder),
                locations,
                tags,
                credentials.secret(),
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

    private FamilyChoice addressFamily(@Nullable MailHost host) {
        FamilyChoice family = Objects.requireNonNullElse(
                fields.word("addressFamily", request.addressFamily(), FamilyChoice.class), FamilyChoice.ANY);
        if (host != null && host.isLiteral()) {
            boolean ipv6 = host.value().indexOf(':') >= 0;
            switch (family) {
                case ANY -> {}
                case IPV4, IPV6 -> {
                    if (ipv6 != (family == FamilyChoice.IPV6)) {
                        fields.error("addressFamily", "contradiction", "The host is an address of the other family");
                    }
                }
                case BOTH ->
                    fields.error(
                            "addressFamily",
                            "contradiction",
                            "The host is an " + (ipv6 ? "IPv6" : "IPv4")
                                    + " address, which has no other family: give a host name to check both");
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

    private LocationSelection locations() {
        LocationsRequest given = request.locations();
        if (given == null || (given.allPublic() == null && given.locationIds() == null)) {
            boolean privateOnly = (surroundings.publicLocations().isEmpty() || namesLocalSecret())
                    && !surroundings.privateLocations().isEmpty();
            if (namesLocalSecret() && !privateOnly) {
                fields.error(
                        LOCAL_SECRET,
                        "private-locations-only",
                        "A secret on an agent's host is for private locations, and there is none yet: add one, or store the password");
            }
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
        if (namesLocalSecret() && (allPublic || ids.stream().anyMatch(surroundings.publicLocations()::contains))) {
            fields.error(
                    LOCAL_SECRET,
                    "private-locations-only",
                    "A secret on an agent's host is for private locations: leave out the public ones, or store the password");
        }
        if (!allPublic && texts.isEmpty()) {
            fields.error("locations", "required", "Choose at least one location, or all public ones");
        }
        return new LocationSelection(allPublic || ids.isEmpty(), ids);
    }

    private boolean namesLocalSecret() {
        return request.credentials() != null && request.credentials().localSecret() != null;
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
}
