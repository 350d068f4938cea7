package io.postwatch.agent.identity;

import java.nio.ByteBuffer;
import java.util.UUID;

/** The id that the controller gave this agent at enrolment. */
public record AgentId(UUID value) {

    /** Reads the 16 bytes of the UUID, most significant first. */
    public static AgentId of(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("an agent id has 16 bytes, this one has " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new AgentId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
