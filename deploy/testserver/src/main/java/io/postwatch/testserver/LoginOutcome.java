package io.postwatch.testserver;

/** What became of a client's attempt to log in. */
enum LoginOutcome {
    ACCEPTED,
    REFUSED,
    /** The client gave up. */
    CANCELLED,
    /** The client broke the rules of base64 or of the mechanism. */
    MALFORMED,
    NOT_OFFERED
}
