package io.postwatch.agent.probe.sasl;

/** LOGIN: never registered, but spoken everywhere. What the prompts say is not looked at: servers word them as they like. */
final class LoginMechanism {

    private LoginMechanism() {}

    static SaslExchange exchange(Login login) {
        SaslStep password = challenge ->
                new SaslStep.Response(WireForms.base64(login.secret().text()), "[password]", SaslStep.SAID_EVERYTHING);
        SaslStep username =
                challenge -> new SaslStep.Response(WireForms.base64(login.username()), "[username]", password);
        return new SaslExchange(AuthMechanism.LOGIN, false, username);
    }
}
