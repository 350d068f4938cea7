package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** CRAM-MD5 (RFC 2195). */
final class CramMd5 {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SaslAccount account;
    private final String challenge;

    CramMd5(SaslAccount account, String challenge) {
        this.account = account;
        this.challenge = challenge;
    }

    static String newChallenge() {
        return "<" + RANDOM.nextLong(Long.MAX_VALUE) + "." + RANDOM.nextInt(Integer.MAX_VALUE) + "@mail.test>";
    }

    boolean accepts(SaslWire wire) throws IOException, SaslAbort {
        String response = new String(wire.ask(challenge.getBytes(UTF_8)), UTF_8);
        return response.equals(account.username() + " " + digest());
    }

    private String digest() {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(account.password().getBytes(UTF_8), "HmacMD5"));
            return HexFormat.of().formatHex(mac.doFinal(challenge.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-MD5", e);
        }
    }
}
