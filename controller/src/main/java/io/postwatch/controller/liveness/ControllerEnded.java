package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.id.ControllerId;

/**
 * A controller has no lease any more: it gave it back, or was not heard of. What it had begun and nobody else knows of is to
 * be looked for. Published by each of the others.
 */
public record ControllerEnded(ControllerId controller) {}
