package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in.
 *
 * @param token the only bearer token that is accepted; null where none is
 */
public record SaslAccount(
        String username, String password, @Nullable String token) {

    /** Whether this is the account's password. */
    public boolean accepts(String user, String secret) {
        return user.equals(username) && secret.equals(password);
    }

    /** Whether the digest is the MD5 of timestamp and password (APOP, RFC 1939 section 7). */
    public boolean acceptsApop(String user, String timestamp, String digest) {
        try {
            byte[] expected = MessageDigest.getInstance("MD5").digest((timestamp + password).getBytes(UTF_8));
            return user.equals(username) && digest.equals(HexFormat.of().formatHex(expected));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    boolean acceptsToken(String user, String bearer) {
        return user.equals(username) && bearer.equals(token);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "SaslAccount[" + username + "]";
    }
}
