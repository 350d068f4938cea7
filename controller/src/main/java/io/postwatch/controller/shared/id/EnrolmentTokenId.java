package io.postwatch.controller.shared.id;

import java.util.UUID;

/** Identifies an enrolment token. */
public record EnrolmentTokenId(UUID value) {
    public static EnrolmentTokenId of(String text) {
        return new EnrolmentTokenId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
