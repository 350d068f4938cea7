package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.evaluation.Lane;

/** The places of a gate in the hands of a test, as by batches of which nobody waits for the end. */
public record HeldPlaces(IngestGate gate) {
    /** Takes a place, or waits for one. */
    public void enter(Lane lane, long bytes) {
        gate.enter(lane, bytes, () -> {});
    }

    public void leave(Lane lane) {
        gate.leave(lane);
    }

    /** How many batches wait for their turn. */
    public int waiting() {
        return gate.waiting();
    }
}
