package io.postwatch.testserver.sasl;

/** The client ended the exchange before it came to a verdict. */
public final class SaslAbort extends Exception {

    private static final long serialVersionUID = 1;

    /** How it ended it. */
    public enum Reason {
        /** It sent {@code *}, or left. */
        CANCELLED,
        /** What it sent is no base64, or not what the mechanism wants. */
        MALFORMED
    }

    private final Reason reason;

    public SaslAbort(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
