package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.Bytes;

/** A user name with its password or access token that only one agent can open, and what they may be used for. */
public record SealedLogin(Bytes keyFingerprint, Bytes sealed, Bytes purpose) {}
