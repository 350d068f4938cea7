package io.postwatch.controller.web.problem;

import java.io.IOException;

/** More bytes came than a body may have. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    private final int mostBytes;

    public BodyTooLargeException(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    int mostBytes() {
        return mostBytes;
    }
}
