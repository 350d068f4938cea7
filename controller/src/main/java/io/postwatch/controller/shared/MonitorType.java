package io.postwatch.controller.shared;

/** The protocol a monitor speaks. */
public enum MonitorType {
    SMTP,
    IMAP,
    POP3
}
