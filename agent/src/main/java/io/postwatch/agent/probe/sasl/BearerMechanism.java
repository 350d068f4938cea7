package io.postwatch.agent.probe.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * XOAUTH2, as Google and Microsoft document it, and OAUTHBEARER (RFC 7628): an access token instead of a password. What
 * such a server says before it refuses is JSON; of it, the status is looked at.
 */
final class BearerMechanism {

    private static final Pattern STATUS = Pattern.compile("\"status\"\\s*:\\s*\"?([A-Za-z0-9_-]{1,64})");

    /** Of RFC 6750, section 3.1, or the status of HTTP; Google says 400 to an expired token, too. */
    private static final Set<String> TOKEN_REJECTED = Set.of("invalid_token", "invalid_request", "400", "401");

    private BearerMechanism() {}

    static SaslExchange xoauth2(Login login) {
        return exchange(AuthMechanism.XOAUTH2, xoauth2Message(login), "");
    }

    /** The empty answer to an error is ^A here (RFC 7628, section 3.2.3). */
    static SaslExchange oauthBearer(Login login) {
        return exchange(AuthMechanism.OAUTHBEARER, oauthBearerMessage(login), "\1");
    }

    static String xoauth2Message(Login login) {
        return "user=" + login.username() + "\1auth=Bearer " + login.secret().text() + "\1\1";
    }

    /** Without host and port: a bearer token is not bound to them. */
    static String oauthBearerMessage(Login login) {
        return "n,a=" + ScramMechanism.saslName(login.username()) + ",\1auth=Bearer "
                + login.secret().text() + "\1\1";
    }

    private static SaslExchange exchange(AuthMechanism mechanism, String message, String toError) {
        SaslStep.Response acknowledged =
                new SaslStep.Response(WireForms.base64(toError), "[understood]", SaslStep.SAID_EVERYTHING);
        SaslStep afterToken = challenge -> explained(challenge, acknowledged);
        return new SaslExchange(
                mechanism,
                true,
                challenge -> new SaslStep.Response(WireForms.base64(message), "[username and token]", afterToken));
    }

    private static SaslStep.Turn explained(String challenge, SaslStep.Response acknowledged) {
        byte[] decoded = WireForms.decoded(challenge);
        String json = decoded == null ? challenge : new String(decoded, UTF_8);
        Matcher status = STATUS.matcher(json);
        boolean rejected =
                status.find() && TOKEN_REJECTED.contains(status.group(1).toLowerCase(Locale.ROOT));
        return new SaslStep.Explained(acknowledged, json, rejected);
    }
}
