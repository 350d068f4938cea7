package io.postwatch.agent.probe.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One question, asked once.
 *
 * @param id 16 random bits
 * @param name a host name in lower case
 */
record Question(int id, String name, RecordType type) {

    static final int CLASS_IN = 1;

    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;

    /** As it goes over the wire (RFC 1035, section 4.1), without EDNS: answers of up to 512 bytes, TCP for more. */
    byte[] encode() {
        ByteBuffer message = ByteBuffer.allocate(HEADER + name.length() + 2 + 4)
                .putShort((short) id)
                .putShort((short) RECURSION_DESIRED)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            message.put((byte) bytes.length).put(bytes);
        }
        return message.put((byte) 0)
                .putShort((short) type.code())
                .putShort((short) CLASS_IN)
                .array();
    }
}
