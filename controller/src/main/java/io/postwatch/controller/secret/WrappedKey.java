package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.shared.Bytes;

/** A key as it is stored: encrypted, and by which key-encryption key. */
public record WrappedKey(KekId by, Bytes wrapped) {}
