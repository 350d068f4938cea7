package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.SaslStep;
import org.jspecify.annotations.Nullable;

/**
 * How a protocol carries an exchange. One instance per login, used by the thread of the run.
 *
 * @param <E> the reply with which the protocol ends a login
 */
public interface SaslWire<E> {

    /**
     * Sends the command and, where there is one, the initial response: with the command or after the prompt for it, as the
     * protocol and the server allow.
     *
     * @param initial null where the server prompts first
     */
    Said<E> begin(AuthMechanism mechanism, SaslStep.@Nullable Response initial) throws RunFailure;

    /** Answers a challenge. */
    Said<E> respond(SaslStep.Response response) throws RunFailure;

    /**
     * Ends the exchange without a result and waits a moment until the server has understood. Whatever comes of it is no
     * failure: there was one already.
     */
    void cancel();

    /** What the server says. */
    sealed interface Said<E> {}

    /**
     * It is the client's turn.
     *
     * @param base64 the challenge as sent; may be empty
     * @param line the whole reply
     */
    record Challenge<E>(String base64, String line) implements Said<E> {}

    /**
     * The exchange is over.
     *
     * @param accepted whether the login was accepted
     * @param line the whole reply
     */
    record End<E>(E end, boolean accepted, String line) implements Said<E> {}
}
