package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * XOAUTH2 and OAUTHBEARER (RFC 7628). A refused token is first explained in a challenge; only the client's empty
 * response to it brings the refusal.
 */
final class BearerToken {

    private static final String XOAUTH2_ERROR =
            "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"https://mail.test/\"}";
    private static final String OAUTHBEARER_ERROR =
            "{\"status\":\"invalid_token\",\"scope\":\"mail\",\"openid-configuration\":\"https://mail.test/.well-known/openid-configuration\"}";

    private final SaslAccount account;

    BearerToken(SaslAccount account) {
        this.account = account;
    }

    boolean acceptsXoauth2(byte[] response, SaslWire wire) throws IOException, SaslAbort {
        Map<String, String> fields = fields(new String(response, UTF_8));
        if (isAccepted(fields.getOrDefault("user", ""), fields)) {
            return true;
        }
        expect(wire.ask(XOAUTH2_ERROR.getBytes(UTF_8)), "");
        return false;
    }

    boolean acceptsOauthBearer(byte[] response, SaslWire wire) throws IOException, SaslAbort {
        String text = new String(response, UTF_8);
        int end = text.indexOf('\1');
        String[] header = end < 0 ? new String[0] : text.substring(0, end).split(",", -1);
        if (header.length != 3 || !header[0].matches("[ny]") || !header[1].startsWith("a=")) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
        String user = header[1].substring(2).replace("=2C", ",").replace("=3D", "=");
        if (isAccepted(user, fields(text.substring(end + 1)))) {
            return true;
        }
        expect(wire.ask(OAUTHBEARER_ERROR.getBytes(UTF_8)), "\1");
        return false;
    }

    private boolean isAccepted(String user, Map<String, String> fields) {
        String value = fields.getOrDefault("auth", "");
        return value.regionMatches(true, 0, "Bearer ", 0, 7) && account.acceptsToken(user, value.substring(7));
    }

    /** Key and value pairs, each ended by ^A, and one more ^A at the end of all. */
    private static Map<String, String> fields(String text) throws SaslAbort {
        if (!text.endsWith("\1\1")) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.substring(0, text.length() - 2).split("\1", -1)) {
            String[] parts = pair.split("=", 2);
            fields.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return fields;
    }

    private static void expect(byte[] response, String expected) throws SaslAbort {
        if (!new String(response, UTF_8).equals(expected)) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
    }
}
