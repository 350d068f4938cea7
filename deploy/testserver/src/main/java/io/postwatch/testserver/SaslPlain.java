package io.postwatch.testserver;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Reads what clients send in SASL exchanges. */
final class SaslPlain {

    private SaslPlain() {}

    /** Whether a response of mechanism PLAIN (RFC 4616) carries the script's login. */
    static boolean isAccepted(Script<?> script, String response) {
        String[] parts = decoded(response).split("\0", -1);
        return parts.length == 3 && script.accepts(parts[1], parts[2]);
    }

    /** The text in base64; empty where it is none. */
    static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
