package io.postwatch.agent.probe.sasl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client says next in an exchange (RFC 4422, section 3): a pure function from the server's challenge to the
 * response and the step behind it. Both travel in base64, as the protocols of mail have it.
 */
@FunctionalInterface
public interface SaslStep {

    /** Behind the last response: a server that asks for more is told that there is none. */
    SaslStep SAID_EVERYTHING = challenge -> new Stop("The server asks for more after everything was said.");

    /**
     * What the client says to a challenge.
     *
     * @param challenge as the server sent it; empty where it says no more than that it is the client's turn
     */
    Turn answer(String challenge);

    /** Why a server that accepts the login here, instead of asking on, is not to be believed; null: it may. */
    default @Nullable String objection() {
        return null;
    }

    /** What comes of a challenge. */
    sealed interface Turn {}

    /**
     * The client answers.
     *
     * @param base64 what is sent; may be empty
     * @param shown what a transcript shows instead
     * @param next answers the challenge that may follow
     * @param secrets what else must not be shown from here on, should the server say it
     */
    record Response(String base64, String shown, SaslStep next, List<String> secrets) implements Turn {

        public Response {
            secrets = List.copyOf(secrets);
        }

        /** Whose secrets were known before anything was said. */
        public Response(String base64, String shown, SaslStep next) {
            this(base64, shown, next, List.of());
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /**
     * The server explains why it is about to refuse the login, and does so once this is answered.
     *
     * @param response what the client says to it; behind it nothing but a refusal is to be believed
     * @param explanation what the server said, decoded
     * @param tokenRejected whether it means that the access token is not, or no longer, valid
     */
    record Explained(Response response, String explanation, boolean tokenRejected) implements Turn {}

    /**
     * The client has nothing to answer: the exchange must be cancelled.
     *
     * @param why a sentence for people
     */
    record Stop(String why) implements Turn {}
}
