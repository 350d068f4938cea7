package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.sasl.Login;

/**
 * What one protocol says on a connection, step by step. The order of the steps, where to stop and when each is timed is the
 * prober's. One instance per run, used by the run's thread.
 */
public interface Dialogue {

    /** Waits for the greeting. */
    void greet() throws RunFailure;

    /** Asks what the server can. Whatever it told before is forgotten. */
    void askCapabilities() throws RunFailure;

    /** The command by which the protocol asks for TLS. */
    String tlsCommand();

    /** Asks for TLS on this connection. Nothing may be said or read behind an agreement until it is up. */
    TlsAnswer askForTls() throws RunFailure;

    /** The phase auth, which the dialogue times itself; a login withheld from a bad chain is no failure. */
    void logIn(Login login) throws RunFailure;

    /** What the protocol alone has to offer behind the login, as far as the request asks for it; timed by the dialogue. */
    default void goOn() throws RunFailure {}

    /** Ends the session as the protocol wants it. Whatever goes wrong here fails no run. */
    void sayGoodbye() throws RunFailure;

    /** What becomes of the wish for TLS. */
    sealed interface TlsAnswer {

        /** The server waits for the handshake. */
        record Agreed(String reply) implements TlsAnswer {}

        /** The server does not know it; without a reply where it was not even asked. */
        record NotOffered(String reply) implements TlsAnswer {}

        /** The server had offered it. */
        record Refused(String reply) implements TlsAnswer {}
    }
}
