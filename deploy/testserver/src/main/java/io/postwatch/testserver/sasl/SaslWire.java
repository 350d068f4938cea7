package io.postwatch.testserver.sasl;

import java.io.IOException;

/** How a protocol carries one exchange. */
@FunctionalInterface
public interface SaslWire {

    /** Sends a challenge, which may be empty, and gives the client's response to it. */
    byte[] ask(byte[] challenge) throws IOException, SaslAbort;
}
