package io.postwatch.agent.assignment;

import java.io.IOException;

/** How a desired state becomes bytes and back. Link has it, since the bytes are those of the protocol. */
public interface StateCodec {

    byte[] encode(DesiredState state);

    DesiredState decode(byte[] bytes) throws IOException;
}
