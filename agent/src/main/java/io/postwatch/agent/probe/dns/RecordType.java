package io.postwatch.agent.probe.dns;

/** The records that hold addresses (RFC 1035, RFC 3596). */
enum RecordType {
    A(1, 4),
    AAAA(28, 16);

    private final int code;
    private final int length;

    RecordType(int code, int length) {
        this.code = code;
        this.length = length;
    }

    int code() {
        return code;
    }

    /** Of the address, in bytes. */
    int length() {
        return length;
    }
}
