package io.postwatch.agent.probe;

import java.util.Objects;

/** A check of an IMAP server. */
public record ImapRequest(RunSettings settings) implements ProbeRequest {

    public ImapRequest {
        Objects.requireNonNull(settings, "settings");
    }

    @Override
    public CheckType checkType() {
        return CheckType.IMAP;
    }
}
