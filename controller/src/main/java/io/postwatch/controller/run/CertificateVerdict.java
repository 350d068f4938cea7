package io.postwatch.controller.run;

import io.postwatch.controller.shared.FailureCode;

/** One thing that is wrong with a chain; position counts from the leaf, 0. */
public record CertificateVerdict(FailureCode code, int position, String message) {}
