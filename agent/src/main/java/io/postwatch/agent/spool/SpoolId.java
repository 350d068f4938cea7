package io.postwatch.agent.spool;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Names one numbering: within it a lane and a sequence mean one record, for ever. */
public record SpoolId(UUID value) {

    public byte[] bytes() {
        return ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }
}
