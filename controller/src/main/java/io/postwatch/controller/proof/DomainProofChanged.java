package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.TenantId;

/** A tenant has proven a domain, lost or withdrawn it: other checks of theirs may be made at public locations than before. */
public record DomainProofChanged(TenantId tenant) {}
