package io.postwatch.agent.probe.tls;

import java.util.OptionalInt;

/**
 * Reads along what a server sends, of which a handshake's beginning and its alerts are in the clear: records (RFC 8446, section 5.1), the
 * version of its ServerHello, its alert. Libraries word these differently, or not at all. Takes the bytes in any
 * portions; keeps six of each record.
 */
final class ServerRecords {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 24;
    private static final int FATAL = 2;
    private static final int SERVER_HELLO = 2;
    private static final int HEADER = 5;

    private final byte[] header = new byte[HEADER];
    private final byte[] start = new byte[6];
    private int headerLength;
    private int startLength;
    private int left;
    private boolean foreign;
    private boolean helloSeen;
    private int helloVersion = -1;
    private int alert = -1;
    private int alertVersion = -1;

    void accept(byte[] bytes, int offset, int length) {
        int position = offset;
        int end = offset + length;
        while (position < end && !foreign) {
            if (headerLength < HEADER) {
                header[headerLength++] = bytes[position++];
                if (headerLength == HEADER) {
                    beginRecord();
                }
            } else if (startLength < start.length && left > 0) {
                start[startLength++] = bytes[position++];
                left--;
            } else {
                int skipped = Math.min(left, end - position);
                position += skipped;
                left -= skipped;
            }
            if (headerLength == HEADER && left == 0) {
                endRecord();
            }
        }
        if (!foreign && headerLength == HEADER && startLength == start.length) {
            readHello();
        }
    }

    /** Whether something came that is no record of TLS. */
    boolean isForeign() {
        return foreign;
    }

    /** The version that the server chose, as in the ServerHello: 0x0301 is TLS 1.0. TLS 1.3 says 0x0303 here. */
    OptionalInt helloVersion() {
        return helloVersion < 0 ? OptionalInt.empty() : OptionalInt.of(helloVersion);
    }

    /** The code of the fatal alert that came in the clear. */
    OptionalInt alert() {
        return alert < 0 ? OptionalInt.empty() : OptionalInt.of(alert);
    }

    /** The version of the record with that alert. */
    OptionalInt alertVersion() {
        return alertVersion < 0 ? OptionalInt.empty() : OptionalInt.of(alertVersion);
    }

    private void beginRecord() {
        int type = unsigned(header[0]);
        foreign = type < FIRST_TYPE || type > LAST_TYPE || header[1] != 3;
        left = unsigned(header[3]) << 8 | unsigned(header[4]);
        startLength = 0;
    }

    private void endRecord() {
        readHello();
        // An encrypted one is longer.
        if (header[0] == ALERT && startLength == 2 && start[0] == FATAL && alert < 0) {
            alert = unsigned(start[1]);
            alertVersion = unsigned(header[1]) << 8 | unsigned(header[2]);
        }
        headerLength = 0;
    }

    private void readHello() {
        if (header[0] == HANDSHAKE && !helloSeen && startLength == start.length) {
            helloSeen = true;
            if (start[0] == SERVER_HELLO) {
                helloVersion = unsigned(start[4]) << 8 | unsigned(start[5]);
            }
        }
    }

    private static int unsigned(byte value) {
        return value & 0xff;
    }
}
