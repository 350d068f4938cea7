package io.postwatch.controller.monitor;

import io.postwatch.controller.check.CertificatePolicy;
import io.postwatch.controller.check.CertificatePolicy.Expiry;
import io.postwatch.controller.check.MailHost;
import io.postwatch.controller.check.TrustAnchors;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.shared.Fingerprint;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one request says of certificates. */
final class CertificateCheck {
    static final int MAX_DAYS = 3_650;
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final Pattern HEX_IN_PAIRS = Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}");

    private final FieldChecks fields;
    private final CertificateRequest given;

    private CertificateCheck(FieldChecks fields, CertificateRequest given) {
        this.fields = fields;
        this.given = given;
    }

    static CertificatePolicy check(FieldChecks fields, @Nullable CertificateRequest given) {
        return new CertificateCheck(fields, given == null ? CertificateRequest.NONE : given).check();
    }

    private CertificatePolicy check() {
        return new CertificatePolicy(
                expiry(),
                Boolean.TRUE.equals(given.reportOnly()),
                host("certificate.expectedName", given.expectedName()),
                serverName(),
                trustAnchors(),
                pin());
    }

    private Expiry expiry() {
        boolean byPercent = given.warningPercent() != null || given.errorPercent() != null;
        if (!byPercent) {
            return days();
        }
        if (given.warningDays() != null || given.errorDays() != null) {
            fields.error(
                    given.warningPercent() == null ? "certificate.errorPercent" : "certificate.warningPercent",
                    "contradiction",
                    "Give days or percent of the lifetime, not both");
        }
        Integer warning = fields.range("certificate.warningPercent", given.warningPercent(), 1, 99);
        Integer error = fields.range("certificate.errorPercent", given.errorPercent(), 1, 99);
        if (warning != null && error != null && error > warning) {
            fields.error(
                    "certificate.warningPercent",
                    "contradiction",
                    "The warning comes with at least as much of the lifetime left as the error");
            return new Expiry.Days(0, 0);
        }
        return warning == null && error == null ? new Expiry.Days(0, 0) : new Expiry.Percent(warning, error);
    }

    /** A default that does not fit what was said is left out. */
    private Expiry days() {
        Integer warning = fields.range("certificate.warningDays", given.warningDays(), 0, MAX_DAYS);
        Integer error = fields.range("certificate.errorDays", given.errorDays(), 0, MAX_DAYS);
        if (warning != null && error != null && warning > 0 && error >= warning) {
            fields.error(
                    "certificate.warningDays",
                    "contradiction",
                    "The warning comes more days before expiry than the error");
            return new Expiry.Days(0, 0);
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
        return new Expiry.Days(days, errorDays);
    }

    private @Nullable MailHost serverName() {
        MailHost name = host("certificate.serverName", given.serverName());
        if (name != null && name.isLiteral()) {
            fields.error("certificate.serverName", "bad-host", "TLS asks for a name, never for an address");
            return null;
        }
        return name;
    }

    private @Nullable MailHost host(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (MailHost.read(text)) {
            case MailHost.Reading.Accepted(String canonical) -> new MailHost(canonical);
            case MailHost.Reading.Refused(String why) -> {
                fields.error(field, "bad-host", why);
                yield null;
            }
        };
    }

    private TrustAnchors trustAnchors() {
        if (given.trustAnchors() == null) {
            return TrustAnchors.NONE;
        }
        return switch (TrustAnchors.read(given.trustAnchors())) {
            case TrustAnchors.Reading.Accepted(TrustAnchors anchors) -> anchors;
            case TrustAnchors.Reading.Refused(String code, String why) -> {
                fields.error("certificate.trustAnchors", code, why);
                yield TrustAnchors.NONE;
            }
        };
    }

    private @Nullable Fingerprint pin() {
        if (given.pin() == null) {
            return null;
        }
        String text = given.pin().strip();
        if (!HEX.matcher(text).matches() && !HEX_IN_PAIRS.matcher(text).matches()) {
            fields.error(
                    "certificate.pin",
                    "bad-fingerprint",
                    "Enter the SHA-256 of the certificate: 64 hexadecimal digits, with or without colons");
            return null;
        }
        return new Fingerprint(text.replace(":", "").toLowerCase(Locale.ROOT));
    }
}
