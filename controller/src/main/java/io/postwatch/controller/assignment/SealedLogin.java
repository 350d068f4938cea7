package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.Bytes;

/** A user name and password that only one agent can open, and what they may be used for. */
public record SealedLogin(Bytes keyFingerprint, Bytes sealed, Bytes purpose) {}
