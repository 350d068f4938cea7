package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslExchange;
import io.postwatch.agent.probe.sasl.SaslStep;
import io.postwatch.agent.probe.time.Phase;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The steps of a login that don't depend on the protocol. Used by the thread of the run. */
public final class AuthPhase {

    private static final int MAX_SHOWN_OFFER = 200;

    private AuthPhase() {}

    /**
     * Begins the phase, unless a bad chain withholds the password: that is noted, and the run goes on without a login.
     *
     * @return whether there is to be a login
     * @throws RunFailure where the password would travel unencrypted and the login does not allow it
     */
    public static boolean begin(Login login, Connection connection, RunRecorder recorder) throws RunFailure {
        if (connection.protection() == Connection.Protection.UNTRUSTED) {
            recorder.note("The password is withheld: the certificate was judged bad.");
            return false;
        }
        recorder.begin(Phase.AUTH);
        if (connection.protection() == Connection.Protection.PLAINTEXT && !login.allowPlaintext()) {
            throw new RunFailure(
                    FailureCode.AUTH_NEEDS_TLS,
                    "The password was not sent: the connection is not encrypted and the monitor does not allow that.");
        }
        return true;
    }

    /**
     * Why nothing that the server offers can be used.
     *
     * @param wanted the mechanism the login names; null: any
     * @param afterTls whether the server gives to understand that it offers a login once TLS is up
     */
    public static RunFailure noMechanism(
            MechanismOffer offer, @Nullable AuthMechanism wanted, boolean afterTls, RunRecorder recorder) {
        if (offer.isEmpty() && afterTls) {
            return new RunFailure(FailureCode.AUTH_NEEDS_TLS, "The server offers a login only after STARTTLS.");
        }
        String known =
                AuthMechanism.SUPPORTED.stream().map(AuthMechanism::saslName).collect(Collectors.joining(" or "));
        return new RunFailure(
                FailureCode.MECHANISM_NOT_OFFERED,
                offer.isEmpty()
                        ? "The server offers no login" + (wanted == null ? "." : " by " + wanted.saslName() + ".")
                        : "The server does not offer " + (wanted == null ? known : wanted.saslName()) + ", only "
                                + recorder.shown(String.join(", ", offer.names()), MAX_SHOWN_OFFER) + ".");
    }

    /**
     * Runs an exchange to its end.
     *
     * @return what the server says at the end, good or bad
     * @throws RunFailure also where the server asks for more after everything was said; the exchange is cancelled then
     */
    public static <E> E exchange(SaslExchange exchange, SaslWire<E> wire) throws RunFailure {
        SaslStep.Response initial = exchange.initialResponse();
        SaslStep step = initial == null ? exchange.first() : initial.next();
        SaslWire.Said<E> said = wire.begin(exchange.mechanism(), initial);
        while (true) {
            switch (said) {
                case SaslWire.End<E>(E end) -> {
                    return end;
                }
                case SaslWire.Challenge<E>(String base64, String line) -> {
                    switch (step.answer(base64)) {
                        case SaslStep.Response response -> {
                            said = wire.respond(response);
                            step = response.next();
                        }
                        case SaslStep.SaidEverything _ -> {
                            wire.cancel();
                            throw asksForMore(line);
                        }
                    }
                }
            }
        }
    }

    /** The server asks for more after everything was said. */
    public static RunFailure asksForMore(String line) {
        return new RunFailure(FailureCode.BAD_REPLY, "The server asks for more after everything was said.", line);
    }
}
