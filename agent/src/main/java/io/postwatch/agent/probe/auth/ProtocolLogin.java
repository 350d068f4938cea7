package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol brings to a login: what the server offers, how an exchange is carried, what else there is, and what the
 * end means. One instance per login, used by the thread of the run.
 *
 * @param <E> the reply with which the protocol ends a login
 */
public interface ProtocolLogin<E> extends SaslWire<E> {

    MechanismOffer offer();

    /** Whether the server gives to understand that it offers a login, or more of them, once TLS is up. */
    boolean offersMoreAfterTls();

    /** How the protocol logs in besides SASL; null where it can't, or this login or server does not allow it. */
    default @Nullable OwnCommand<E> ownCommand(Login login) {
        return null;
    }

    /**
     * Reads the end of a login.
     *
     * @throws RunFailure where it is a refusal
     */
    void judge(E end) throws RunFailure;

    /**
     * A login by the protocol's own command. The secret may be shown when it is said.
     *
     * @param mechanism under which name it is recorded
     */
    record OwnCommand<E>(AuthMechanism mechanism, Saying<E> saying) {}

    /** Says the command, or several. */
    @FunctionalInterface
    interface Saying<E> {

        E say() throws RunFailure;
    }
}
