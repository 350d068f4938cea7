package io.postwatch.agent.probe.sasl;

/** PLAIN (RFC 4616): username and password in one message, without an identity to act as. */
final class PlainMechanism {

    private PlainMechanism() {}

    static SaslExchange exchange(Login login) {
        return new SaslExchange(
                AuthMechanism.PLAIN,
                true,
                challenge -> new SaslStep.Response(message(login), "[credentials]", SaslStep.SAID_EVERYTHING));
    }

    static String message(Login login) {
        return WireForms.base64("\0" + login.username() + "\0" + login.secret().text());
    }
}
