package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;

/** How a monitor does at one location. */
record LocationVerdict(Place place, Status status, String sentence) {
    boolean reporting() {
        return status != Status.NO_DATA;
    }

    boolean failing() {
        return status == Status.ERROR || status == Status.WARNING;
    }
}
