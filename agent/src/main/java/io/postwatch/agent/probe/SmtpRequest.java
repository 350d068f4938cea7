package io.postwatch.agent.probe;

import java.util.Objects;

/** A check of an SMTP server or submission service. */
public record SmtpRequest(RunSettings settings) implements ProbeRequest {

    public SmtpRequest {
        Objects.requireNonNull(settings, "settings");
    }

    @Override
    public CheckType checkType() {
        return CheckType.SMTP;
    }
}
