package io.postwatch.agent.probe;

/** The kinds of check this prober can do. */
public enum CheckType {
    SMTP,
    IMAP,
    POP3
}
