package io.postwatch.controller.status;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;

/** How one series of a monitor does. */
record TargetVerdict(Place.Target target, Status status, String sentence) {
    AddressFamily family() {
        return target.family();
    }

    boolean reporting() {
        return status != Status.NO_DATA;
    }

    boolean failing() {
        return status == Status.ERROR || status == Status.WARNING;
    }
}
