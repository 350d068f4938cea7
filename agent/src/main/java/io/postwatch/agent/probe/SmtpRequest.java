package io.postwatch.agent.probe;

import java.util.Objects;

/** A check of an SMTP server or submission service. */
public record SmtpRequest(RunSettings settings, ProtocolOptions.Smtp options) implements ProbeRequest {

    public SmtpRequest {
        Objects.requireNonNull(settings, "settings");
        options.check(settings.stopAfter(), settings.login() != null);
    }
}
