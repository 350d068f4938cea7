package io.postwatch.testserver.sasl;

/**
 * How the server keeps to SCRAM, and how it breaks it.
 *
 * @param iterations what it announces; computed only once a client answers to it
 * @param nonceKept whether its nonce begins with the client's, as it must
 * @param signatureRight whether it proves in the end that it knows the password, too
 */
public record ScramBehaviour(int iterations, boolean nonceKept, boolean signatureRight) {

    public ScramBehaviour {
        if (iterations < 1) {
            throw new IllegalArgumentException("there is at least one iteration");
        }
    }

    /** By the book, with the least number of iterations that RFC 7677 recommends. */
    public static ScramBehaviour honest() {
        return new ScramBehaviour(4096, true, true);
    }

    /** So many iterations, be they too few to protect a password or more than a client may be made to compute. */
    public ScramBehaviour iterating(int times) {
        return new ScramBehaviour(times, nonceKept, signatureRight);
    }

    /** Its nonce has nothing of the client's. */
    public ScramBehaviour withForeignNonce() {
        return new ScramBehaviour(iterations, false, signatureRight);
    }

    /** It accepts a client without knowing the password itself. */
    public ScramBehaviour withWrongSignature() {
        return new ScramBehaviour(iterations, nonceKept, false);
    }
}
