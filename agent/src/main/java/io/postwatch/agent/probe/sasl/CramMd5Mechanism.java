package io.postwatch.agent.probe.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * CRAM-MD5 (RFC 2195): the password as the key of an HMAC of whatever the server says. The RFC is silent about characters
 * outside ASCII; they go as UTF-8, as they are.
 */
final class CramMd5Mechanism {

    private CramMd5Mechanism() {}

    static SaslExchange exchange(Login login) {
        return new SaslExchange(AuthMechanism.CRAM_MD5, false, challenge -> answer(login, challenge));
    }

    private static SaslStep.Turn answer(Login login, String base64) {
        byte[] challenge = WireForms.decoded(base64);
        if (challenge == null || challenge.length == 0) {
            return new SaslStep.Stop("The server's challenge is not one of CRAM-MD5.");
        }
        String digest =
                HexFormat.of().formatHex(Hmac.MD5.of(login.secret().text().getBytes(UTF_8), challenge));
        String message = login.username() + " " + digest;
        return new SaslStep.Response(
                WireForms.base64(message),
                "[username and digest]",
                SaslStep.SAID_EVERYTHING,
                WireForms.ofProof(message, List.of(digest, digest.toUpperCase(Locale.ROOT))));
    }
}
