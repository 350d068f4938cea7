package io.postwatch.controller.liveness;

import java.util.UUID;

/** This run of this controller: a restarted one is another. */
record ControllerId(UUID value) {}
