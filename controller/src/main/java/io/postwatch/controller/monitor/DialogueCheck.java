package io.postwatch.controller.monitor;

import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.monitor.MonitorRequest.CertificateRequest;
import io.postwatch.controller.monitor.MonitorRequest.ExpectationsRequest;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.TlsVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one request says of the dialogue: what is expected of the server, how far it goes, whom and what it asks for. */
final class DialogueCheck {
    private static final int MAX_GREETING = 200;
    private static final int MAX_CAPABILITIES = 20;
    private static final int MAX_CAPABILITY = 100;
    private static final int MAX_FOLDER = 200;
    private static final Pattern CAPABILITY = Pattern.compile("[!-~]+( [!-~]+)*");

    private final FieldChecks fields;
    private final MonitorRequest request;
    private final @Nullable MonitorType type;
    private final @Nullable Security security;

    /** Without a sound type or security what contradicts them can't be told; all else can. */
    DialogueCheck(FieldChecks fields, MonitorRequest request, @Nullable MonitorType type, @Nullable Security security) {
        this.fields = fields;
        this.request = request;
        this.type = type;
        this.security = security;
    }

    Expectations expectations() {
        ExpectationsRequest given = Objects.requireNonNullElse(request.expectations(), ExpectationsRequest.NONE);
        TlsVersion minimumTls = fields.word(
                "expectations.minimumTls", given.minimumTls(), Arrays.asList(TlsVersion.values()), TlsVersion::code);
        if (minimumTls != null && security == Security.NONE) {
            fields.error("expectations.minimumTls", "contradiction", "Without TLS there is no version of it");
        }
        return new Expectations(greeting(given.greetingContains()), capabilities(given.capabilities()), minimumTls);
    }

    private @Nullable String greeting(@Nullable String text) {
        return text == null ? null : fields.text("expectations.greetingContains", text, MAX_GREETING);
    }

    private List<String> capabilities(@Nullable List<@Nullable String> given) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > MAX_CAPABILITIES) {
            fields.error("expectations.capabilities", "too-many", "At most " + MAX_CAPABILITIES + " capabilities");
            return List.of();
        }
        List<String> capabilities = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String capability = capability("expectations.capabilities[" + i + "]", given.get(i));
            if (capability != null && capabilities.stream().noneMatch(capability::equalsIgnoreCase)) {
                capabilities.add(capability);
            }
        }
        return capabilities;
    }

    private @Nullable String capability(String field, @Nullable String given) {
        String text = fields.text(field, Objects.requireNonNullElse(given, ""), MAX_CAPABILITY);
        if (text != null && !CAPABILITY.matcher(text).matches()) {
            fields.error(field, "bad-capability", "A capability is a keyword, or a keyword, a space and a parameter");
            return null;
        }
        return text;
    }

    @Nullable
    MailAddress recipient() {
        if (request.recipient() == null) {
            return null;
        }
        if (type != null && type != MonitorType.SMTP) {
            fields.error("recipient", "contradiction", "Only SMTP servers are asked about a recipient");
            return null;
        }
        MailAddress recipient = MailAddress.read(request.recipient()).orElse(null);
        if (recipient == null) {
            fields.error("recipient", "bad-address", "Enter an address such as postmaster@example.org");
        }
        return recipient;
    }

    @Nullable
    String folder() {
        if (request.folder() == null) {
            return null;
        }
        if (type != null && type != MonitorType.IMAP) {
            fields.error("folder", "contradiction", "Only IMAP servers have folders");
            return null;
        }
        if (request.credentials() == null) {
            fields.error("folder", "contradiction", "A folder is opened after a login: enter the credentials");
            return null;
        }
        return fields.text("folder", request.folder(), MAX_FOLDER);
    }

    @Nullable
    Phase stopAfter() {
        Phase stop = fields.word("stopAfter", request.stopAfter(), MonitorSettings.STOPS, Phase::code);
        String contradicted = stop == null ? null : contradicted(stop);
        if (contradicted != null) {
            fields.error("stopAfter", "contradiction", contradicted);
            return null;
        }
        return stop;
    }

    /** Why a run that stops there could not do all that is asked of it, or would never come there; null: it does both. */
    private @Nullable String contradicted(Phase stop) {
        boolean beforeLogin = stop == Phase.GREETING || stop == Phase.CAPABILITY || stop == Phase.STARTTLS;
        if (beforeLogin && request.credentials() != null) {
            return "A run that stops there does not log in: leave out the credentials or let it go on";
        }
        if (request.recipient() != null && stop != Phase.RCPT) {
            return "A run that stops there does not ask about the recipient: leave it out or let it go on";
        }
        if (request.folder() != null && stop != Phase.SELECT) {
            return "A run that stops there does not open the folder: leave it out or let it go on";
        }
        if (stop == Phase.STARTTLS && security != null && security != Security.STARTTLS) {
            return "Only a run with the security starttls comes to STARTTLS";
        }
        if (stop == Phase.AUTH && request.credentials() == null) {
            return "Without credentials a run does not log in";
        }
        if (stop == Phase.RCPT && request.recipient() == null) {
            return "Enter the recipient that the server is asked about";
        }
        if (stop == Phase.SELECT && request.folder() == null) {
            return "Enter the folder that is opened";
        }
        return stop == Phase.GREETING || stop == Phase.CAPABILITY ? unmet(stop) : null;
    }

    /** With STARTTLS the capabilities that are told first come before TLS. */
    private @Nullable String unmet(Phase stop) {
        ExpectationsRequest expected = Objects.requireNonNullElse(request.expectations(), ExpectationsRequest.NONE);
        if (stop == Phase.GREETING
                && expected.capabilities() != null
                && !expected.capabilities().isEmpty()) {
            return "A run that stops there does not hear of capabilities: expect none or let it go on";
        }
        if (security != Security.STARTTLS) {
            return null;
        }
        if (expected.minimumTls() != null) {
            return "A run that stops there does not come to TLS: expect no version of it or let it go on";
        }
        CertificateRequest certificate = request.certificate();
        return certificate != null && certificate.expectsOneCertificate()
                ? "A run that stops there does not come to TLS: expect no certificate or let it go on"
                : null;
    }
}
