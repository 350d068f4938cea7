package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.Connection;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.sasl.MechanismOffer;
import io.postwatch.agent.probe.sasl.SaslExchange;
import io.postwatch.agent.probe.time.Phase;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The login as far as it does not depend on the protocol. Used by the thread of the run. */
public final class AuthPhase {

    private static final int MAX_SHOWN_OFFER = 200;

    private AuthPhase() {}

    /**
     * The whole phase. A bad chain withholds the credentials: that is noted, and the run goes on without a login.
     *
     * @throws RunFailure also where the server, or the monitor, leaves no way to log in
     */
    public static <E> void logIn(Login login, ProtocolLogin<E> protocol, Connection connection, RunRecorder recorder)
            throws RunFailure {
        if (connection.protection() == Connection.Protection.UNTRUSTED) {
            recorder.note("The password is withheld: the certificate was judged bad.");
            return;
        }
        recorder.begin(Phase.AUTH);
        MechanismOffer offer = protocol.offer();
        AuthMechanism mechanism = choose(login, offer, connection);
        E end;
        if (mechanism != null) {
            recorder.authMechanism(mechanism);
            end = Conversation.run(SaslExchange.of(mechanism, login), protocol, recorder);
        } else {
            ProtocolLogin.OwnCommand<E> own = protocol.ownCommand(login);
            if (own == null) {
                boolean afterTls =
                        connection.protection() == Connection.Protection.PLAINTEXT && protocol.offersMoreAfterTls();
                throw noMechanism(offer, login, afterTls, recorder);
            }
            recorder.authMechanism(own.mechanism());
            end = own.saying().say();
        }
        protocol.judge(end);
        recorder.end();
    }

    /**
     * The mechanism to log in by. A null leaves the way free to what the protocol has besides SASL.
     *
     * @return null where none of those offered will do, though the secret may be shown
     * @throws RunFailure where the secret would travel unencrypted and the login does not allow it
     */
    private static @Nullable AuthMechanism choose(Login login, MechanismOffer offer, Connection connection)
            throws RunFailure {
        boolean encrypted = connection.protection() == Connection.Protection.TRUSTED;
        AuthMechanism best = offer.best(login, encrypted);
        if (best == null && !encrypted && !login.allowPlaintext()) {
            throw new RunFailure(
                    FailureCode.AUTH_NEEDS_TLS,
                    "The password was not sent: the connection is not encrypted and the monitor does not allow that.");
        }
        return best;
    }

    /**
     * Why nothing that the server offers can be used.
     *
     * @param afterTls whether the server gives to understand that it offers a login once TLS is up
     */
    private static RunFailure noMechanism(MechanismOffer offer, Login login, boolean afterTls, RunRecorder recorder) {
        AuthMechanism wanted = login.mechanism();
        if (afterTls && (offer.isEmpty() || wanted == null || wanted.showsSecret())) {
            return new RunFailure(FailureCode.AUTH_NEEDS_TLS, "The server offers such a login only after STARTTLS.");
        }
        String usable = wanted == null
                ? MechanismOffer.preferences(login, true).stream()
                        .map(AuthMechanism::saslName)
                        .collect(Collectors.joining(" or "))
                : wanted.saslName();
        return new RunFailure(
                FailureCode.MECHANISM_NOT_OFFERED,
                offer.isEmpty()
                        ? "The server offers no login" + (wanted == null ? "." : " by " + usable + ".")
                        : "The server does not offer " + usable + ", only "
                                + recorder.shown(String.join(", ", offer.names()), MAX_SHOWN_OFFER) + ".");
    }

    /** The server asks for more after everything was said. */
    public static RunFailure asksForMore(String line) {
        return new RunFailure(FailureCode.BAD_REPLY, "The server asks for more after everything was said.", line);
    }
}
