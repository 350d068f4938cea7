package io.postwatch.agent.probe.net;

import java.io.IOException;
import java.io.Serial;

/** A server sent more than a run reads, in a layer beneath its dialogue. */
public final class TooMuchException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** @param message one sentence for people */
    public TooMuchException(String message) {
        super(message);
    }
}
