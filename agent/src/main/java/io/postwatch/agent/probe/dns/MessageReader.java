package io.postwatch.agent.probe.dns;

import java.util.Locale;

/** Reads a DNS message from front to back and never past its end. Used by one thread. */
final class MessageReader {

    private static final int MAX_WIRE_NAME = 255;
    private static final int POINTER = 0xc0;

    private final byte[] message;
    private final int length;
    private int position;

    MessageReader(byte[] message, int length) {
        this.message = message;
        this.length = length;
    }

    int position() {
        return position;
    }

    int u8() throws MalformedMessage {
        return byteAt(position++);
    }

    int u16() throws MalformedMessage {
        return u8() << Byte.SIZE | u8();
    }

    byte[] bytes(int count) throws MalformedMessage {
        int from = position;
        skip(count);
        byte[] bytes = new byte[count];
        System.arraycopy(message, from, bytes, 0, count);
        return bytes;
    }

    void skip(int count) throws MalformedMessage {
        if (count > length - position) {
            throw new MalformedMessage("it ends too early");
        }
        position += count;
    }

    /**
     * A name in lower case, without the dot at its end; what no host name has is written as {@code \DDD}. Pointers
     * (RFC 1035, section 4.1.4) lead to what stands before the name they are part of, so none can go in a circle.
     */
    String name() throws MalformedMessage {
        StringBuilder name = new StringBuilder();
        int at = position;
        int before = position;
        int wireLength = 1;
        boolean jumped = false;
        while (true) {
            int size = byteAt(at);
            if (size >= POINTER) {
                int target = (size & ~POINTER) << Byte.SIZE | byteAt(at + 1);
                if (target >= before) {
                    throw new MalformedMessage("a compressed name points to itself or onward");
                }
                if (!jumped) {
                    position = at + 2;
                    jumped = true;
                }
                before = target;
                at = target;
                continue;
            }
            if (size >= 0x40) {
                throw new MalformedMessage("a label has a length of no known kind");
            }
            at++;
            if (size == 0) {
                break;
            }
            wireLength += size + 1;
            if (wireLength > MAX_WIRE_NAME) {
                throw new MalformedMessage("a name has more than 255 bytes");
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            for (int end = at + size; at < end; at++) {
                append(name, byteAt(at));
            }
        }
        if (!jumped) {
            position = at;
        }
        return name.toString();
    }

    private int byteAt(int index) throws MalformedMessage {
        if (index >= length) {
            throw new MalformedMessage("it ends too early");
        }
        return Byte.toUnsignedInt(message[index]);
    }

    private static void append(StringBuilder name, int octet) {
        if (octet >= 'A' && octet <= 'Z') {
            name.append((char) (octet + ('a' - 'A')));
        } else if ((octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_') {
            name.append((char) octet);
        } else {
            appendEscaped(name, octet);
        }
    }

    /** As it is where it is printable ASCII and no backslash, {@code \DDD} otherwise (RFC 1035, section 5.1). */
    static void appendPrintable(StringBuilder text, int octet) {
        if (octet >= ' ' && octet <= '~' && octet != '\\') {
            text.append((char) octet);
        } else {
            appendEscaped(text, octet);
        }
    }

    private static void appendEscaped(StringBuilder text, int octet) {
        text.append(String.format(Locale.ROOT, "\\%03d", octet));
    }
}
