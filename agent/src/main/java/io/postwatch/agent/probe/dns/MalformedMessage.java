package io.postwatch.agent.probe.dns;

import java.io.Serial;

/** A DNS message that can't be read. Never leaves the package. */
final class MalformedMessage extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedMessage(String what) {
        super(what, null, false, false);
    }
}
