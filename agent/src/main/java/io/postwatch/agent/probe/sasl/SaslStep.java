package io.postwatch.agent.probe.sasl;

/**
 * What the client says next in an exchange (RFC 4422, section 3): a pure function from the server's challenge to the
 * response and the step behind it. Both travel in base64, as the protocols of mail have it.
 */
@FunctionalInterface
public interface SaslStep {

    /** Behind the last response: a server that asks for more is told that there is none. */
    SaslStep SAID_EVERYTHING = challenge -> new SaidEverything();

    /**
     * What the client says to a challenge.
     *
     * @param challenge as the server sent it; empty where it says no more than that it is the client's turn
     */
    Turn answer(String challenge);

    /** What comes of a challenge. */
    sealed interface Turn {}

    /**
     * The client answers.
     *
     * @param base64 what is sent
     * @param shown what a transcript shows instead
     * @param next answers the challenge that may follow
     */
    record Response(String base64, String shown, SaslStep next) implements Turn {

        @Override
        public String toString() {
            return shown;
        }
    }

    /** The client has nothing to answer: the exchange must be cancelled. */
    record SaidEverything() implements Turn {}
}
