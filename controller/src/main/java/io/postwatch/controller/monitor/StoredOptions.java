package io.postwatch.controller.monitor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.CertificatePolicy.Expiry;
import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.PhaseThreshold;
import io.postwatch.controller.check.TrustAnchors;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.TlsVersion;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The options that most monitors do without, as the JSON they are stored as: what is not set is absent. Names may be added, and none may change. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record StoredOptions(
        @Nullable List<StoredPhase> phases,
        @Nullable Integer certificateWarningPercent,
        @Nullable Integer certificateErrorPercent,
        @Nullable String expectedName,
        @Nullable String serverName,
        @Nullable List<String> trustAnchors,
        @Nullable String pin,
        @Nullable String greetingContains,
        @Nullable List<String> capabilities,
        @Nullable TlsVersion minimumTls,
        @Nullable Phase stopAfter,
        @Nullable String recipient,
        @Nullable String folder) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final StoredOptions NONE =
            new StoredOptions(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** A threshold of a phase, in seconds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StoredPhase(
            Phase phase,
            @Nullable Integer warning,
            @Nullable Integer error) {}

    static StoredOptions of(MonitorSettings settings) {
        CertificatePolicy certificate = settings.certificate();
        Expectations expectations = settings.expectations();
        Expiry.@Nullable Percent percent = certificate.expiry() instanceof Expiry.Percent given ? given : null;
        return new StoredOptions(
                settings.thresholds().phases().stream()
                        .map(one -> new StoredPhase(one.phase(), seconds(one.warning()), seconds(one.error())))
                        .toList(),
                percent == null ? null : percent.warning(),
                percent == null ? null : percent.error(),
                certificate.expectedName() == null
                        ? null
                        : certificate.expectedName().value(),
                certificate.serverName() == null
                        ? null
                        : certificate.serverName().value(),
                certificate.trustAnchors().certificates().stream()
                        .map(der -> Base64.getEncoder().encodeToString(der.toArray()))
                        .toList(),
                certificate.pin() == null ? null : certificate.pin().hex(),
                expectations.greetingContains(),
                expectations.capabilities(),
                expectations.minimumTls(),
                settings.stopAfter(),
                settings.recipient() == null ? null : settings.recipient().value(),
                settings.folder());
    }

    static StoredOptions read(@Nullable String json) {
        return json == null ? NONE : JSON.readValue(json, StoredOptions.class);
    }

    /** Null where none is set. */
    @Nullable
    String json() {
        String json = JSON.writeValueAsString(this);
        return json.equals("{}") ? null : json;
    }

    List<PhaseThreshold> phaseThresholds() {
        return phases == null
                ? List.of()
                : phases.stream()
                        .map(one -> new PhaseThreshold(one.phase, duration(one.warning), duration(one.error)))
                        .toList();
    }

    /** As these options complete what the columns say. */
    CertificatePolicy certificate(Expiry.Days days, boolean reportOnly) {
        boolean byPercent = certificateWarningPercent != null || certificateErrorPercent != null;
        return new CertificatePolicy(
                byPercent ? new Expiry.Percent(certificateWarningPercent, certificateErrorPercent) : days,
                reportOnly,
                expectedName == null ? null : new MailHost(expectedName),
                serverName == null ? null : new MailHost(serverName),
                anchors(),
                pin == null ? null : new Fingerprint(pin));
    }

    private TrustAnchors anchors() {
        return trustAnchors == null
                ? TrustAnchors.NONE
                : new TrustAnchors(trustAnchors.stream()
                        .map(text -> Bytes.of(Base64.getDecoder().decode(text)))
                        .toList());
    }

    Expectations expectations() {
        return new Expectations(greetingContains, capabilities == null ? List.of() : capabilities, minimumTls);
    }

    @Nullable
    MailAddress mailRecipient() {
        return recipient == null ? null : new MailAddress(recipient);
    }

    private static @Nullable Integer seconds(@Nullable Duration duration) {
        return duration == null ? null : (int) duration.toSeconds();
    }

    private static @Nullable Duration duration(@Nullable Integer seconds) {
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }
}
