package io.postwatch.agent.probe.dns;

/** The records that are asked for (RFC 1035, RFC 3596). */
enum RecordType {
    A(1),
    AAAA(28),
    TXT(16);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
