package io.postwatch.agent.probe;

import java.util.Objects;

/** A check of an IMAP server. */
public record ImapRequest(RunSettings settings, ProtocolOptions.Imap options) implements ProbeRequest {

    public ImapRequest {
        Objects.requireNonNull(settings, "settings");
        options.check(settings.stopAfter(), settings.login() != null);
    }
}
