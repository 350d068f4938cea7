package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One exchange of SCRAM (RFC 5802, RFC 7677), without channel binding. */
final class ScramServer {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern CLIENT_FIRST = Pattern.compile("([ny],(?:a=[^,]*)?,)(n=([^,]*),r=([^,]+).*)");
    private static final Pattern CLIENT_FINAL = Pattern.compile("(c=([^,]*),r=([^,]*).*),p=([^,]*)");

    private final ScramHash hash;
    private final SaslAccount account;
    private final ScramBehaviour behaviour;
    private final String nonce;
    private final byte[] salt;

    ScramServer(ScramHash hash, SaslAccount account, ScramBehaviour behaviour, String nonce, byte[] salt) {
        this.hash = hash;
        this.account = account;
        this.behaviour = behaviour;
        this.nonce = nonce;
        this.salt = salt.clone();
    }

    static ScramServer withRandom(ScramHash hash, SaslAccount account, ScramBehaviour behaviour) {
        byte[] salt = new byte[16];
        byte[] nonce = new byte[18];
        RANDOM.nextBytes(salt);
        RANDOM.nextBytes(nonce);
        return new ScramServer(hash, account, behaviour, Base64.getEncoder().encodeToString(nonce), salt);
    }

    boolean accepts(byte[] clientFirst, SaslWire wire) throws IOException, SaslAbort {
        Matcher first = matched(CLIENT_FIRST, clientFirst);
        String fullNonce = (behaviour.nonceKept() ? first.group(4) : "") + nonce;
        String serverFirst = "r=" + fullNonce + ",s=" + base64(salt) + ",i=" + behaviour.iterations();

        Matcher last = matched(CLIENT_FINAL, wire.ask(serverFirst.getBytes(UTF_8)));
        boolean bound = last.group(2).equals(base64(first.group(1).getBytes(UTF_8)))
                && last.group(3).equals(fullNonce);
        String exchanged = first.group(2) + "," + serverFirst + "," + last.group(1);
        byte[] salted = hash.saltedPassword(account.password(), salt, behaviour.iterations());
        if (!isAccount(first.group(3)) || !bound || !isProof(last.group(4), salted, exchanged)) {
            return false;
        }
        byte[] signature = hash.hmac(hash.hmac(salted, "Server Key"), exchanged);
        if (!behaviour.signatureRight()) {
            signature[0] ^= 1;
        }
        byte[] acknowledged = wire.ask(("v=" + base64(signature)).getBytes(UTF_8));
        if (acknowledged.length > 0) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
        return true;
    }

    private boolean isAccount(String saslName) {
        return saslName.replace("=2C", ",").replace("=3D", "=").equals(account.username());
    }

    /** ClientProof XOR ClientSignature has to be the key whose hash is the stored key. */
    private boolean isProof(String proof, byte[] salted, String exchanged) throws SaslAbort {
        byte[] clientKey = hash.hmac(salted, "Client Key");
        byte[] signature = hash.hmac(hash.hash(clientKey), exchanged);
        byte[] expected = new byte[signature.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (clientKey[i] ^ signature[i]);
        }
        try {
            return MessageDigest.isEqual(expected, Base64.getDecoder().decode(proof));
        } catch (IllegalArgumentException e) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
    }

    private static Matcher matched(Pattern form, byte[] message) throws SaslAbort {
        Matcher matcher = form.matcher(new String(message, UTF_8));
        if (!matcher.matches()) {
            throw new SaslAbort(SaslAbort.Reason.MALFORMED);
        }
        return matcher;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
