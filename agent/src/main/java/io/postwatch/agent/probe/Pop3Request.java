package io.postwatch.agent.probe;

import java.util.Objects;

/** A check of a POP3 server. */
public record Pop3Request(RunSettings settings, ProtocolOptions.Pop3 options) implements ProbeRequest {

    public Pop3Request {
        Objects.requireNonNull(settings, "settings");
        options.check(settings.stopAfter(), settings.login() != null);
    }
}
