package io.postwatch.agent.probe.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postwatch.agent.probe.bounds.Calculations;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * SCRAM (RFC 5802, RFC 7677): both sides prove that they know the password without saying it. Without channel binding:
 * the header is {@code n,,}, which says that this client can't do it, so that nobody can have taken it away.
 */
final class ScramMechanism {

    /** RFC 7677, section 4, and what servers have by default: with less, who reads along could guess passwords. */
    static final int MIN_ITERATIONS = 4_096;

    /**
     * Far above what mail servers have (4,096 to 15,000), and so few that a hostile one costs the agent no more than a
     * fifth of a second of its processor per run.
     */
    static final int MAX_ITERATIONS = 100_000;

    /** What mail servers have; more is calculated where it keeps no other run waiting. */
    private static final int USUAL_ITERATIONS = 16_384;

    /** In bytes; servers have 12 to 32. */
    static final int MAX_SALT = 256;

    private static final int MAX_NONCE = 512;
    private static final String NO_CHANNEL_BINDING = "n,,";
    private static final Pattern SERVER_FIRST =
            Pattern.compile("r=([!-+\\--~]{1," + MAX_NONCE + "}),s=([A-Za-z0-9+/=]+),i=([1-9]\\d{0,9})(?:,.*)?");
    private static final Pattern SERVER_FINAL = Pattern.compile("v=([A-Za-z0-9+/=]+)(?:,.*)?");
    private static final Pattern SERVER_ERROR = Pattern.compile("e=[^,]{1,200}(?:,.*)?");

    private final Hash hash;
    private final Login login;
    private final String nonce;

    private ScramMechanism(Hash hash, Login login, ClientNonce nonce) {
        this.hash = hash;
        this.login = login;
        this.nonce = nonce.text();
    }

    static SaslExchange exchange(AuthMechanism mechanism, Login login, ClientNonce nonce) {
        Hash hash = mechanism == AuthMechanism.SCRAM_SHA_1 ? Hash.SHA_1 : Hash.SHA_256;
        ScramMechanism scram = new ScramMechanism(hash, login, nonce);
        return new SaslExchange(
                mechanism,
                true,
                challenge -> new SaslStep.Response(
                        WireForms.base64(NO_CHANNEL_BINDING + scram.clientFirst()),
                        "[username and nonce]",
                        new Unproved(scram::answerFirst)));
    }

    /** A name as the messages of SCRAM and OAUTHBEARER have it (RFC 5801, section 4). */
    static String saslName(String name) {
        return SaslPrep.prepared(name).replace("=", "=3D").replace(",", "=2C");
    }

    private String clientFirst() {
        return "n=" + saslName(login.username()) + ",r=" + nonce;
    }

    private SaslStep.Turn answerFirst(String challenge) {
        String serverFirst = decoded(challenge);
        Matcher said = SERVER_FIRST.matcher(serverFirst);
        if (!said.matches()) {
            return new SaslStep.Stop("The server's first message is not one of SCRAM.");
        }
        String both = said.group(1);
        if (!both.startsWith(nonce) || both.length() == nonce.length()) {
            return new SaslStep.Stop(
                    "The server's nonce does not continue ours: somebody may be replaying an exchange.");
        }
        byte[] salt = WireForms.decoded(said.group(2));
        if (salt == null || salt.length == 0 || salt.length > MAX_SALT) {
            return new SaslStep.Stop("The server's salt is no base64 of 1 to " + MAX_SALT + " bytes.");
        }
        long iterations = Long.parseLong(said.group(3));
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            return new SaslStep.Stop("The server wants " + iterations + " iterations; no fewer than " + MIN_ITERATIONS
                    + " are safe, and no more than " + MAX_ITERATIONS + " are computed.");
        }
        Supplier<byte[]> salted = () -> hash.saltedPassword(login.secret().text(), salt, (int) iterations);
        return proof(
                serverFirst,
                both,
                iterations > USUAL_ITERATIONS
                        ? Calculations.SHARED.call(salted::get, Calculations.PATIENCE)
                        : salted.get());
    }

    /** RFC 5802, section 3. */
    private SaslStep.Response proof(String serverFirst, String both, byte[] saltedPassword) {
        String withoutProof = "c=" + WireForms.base64(NO_CHANNEL_BINDING) + ",r=" + both;
        byte[] authMessage = (clientFirst() + "," + serverFirst + "," + withoutProof).getBytes(UTF_8);
        byte[] clientKey = hash.hmac.of(saltedPassword, "Client Key".getBytes(UTF_8));
        byte[] serverKey = hash.hmac.of(saltedPassword, "Server Key".getBytes(UTF_8));
        byte[] clientSignature = hash.hmac.of(hash.digest(clientKey), authMessage);
        byte[] proof = new byte[clientKey.length];
        for (int i = 0; i < proof.length; i++) {
            proof[i] = (byte) (clientKey[i] ^ clientSignature[i]);
        }
        byte[] serverSignature = hash.hmac.of(serverKey, authMessage);
        String shownProof = Base64.getEncoder().encodeToString(proof);
        String shownSignature = Base64.getEncoder().encodeToString(serverSignature);
        String message = withoutProof + ",p=" + shownProof;
        return new SaslStep.Response(
                WireForms.base64(message),
                "[proof]",
                new Unproved(challenge -> answerFinal(challenge, serverSignature)),
                // With the server's signature passwords can be guessed as well as with our proof.
                WireForms.ofProof(message, List.of(shownProof, shownSignature, "v=" + shownSignature)));
    }

    private static SaslStep.Turn answerFinal(String challenge, byte[] serverSignature) {
        String serverFinal = decoded(challenge);
        SaslStep.Response understood = new SaslStep.Response("", "[understood]", SaslStep.SAID_EVERYTHING);
        Matcher said = SERVER_FINAL.matcher(serverFinal);
        if (said.matches()) {
            byte[] signature = WireForms.decoded(said.group(1));
            return signature != null && MessageDigest.isEqual(signature, serverSignature)
                    ? understood
                    : new SaslStep.Stop("The server can't prove that it knows the password: it may be another.");
        }
        return SERVER_ERROR.matcher(serverFinal).matches()
                ? new SaslStep.Explained(understood, serverFinal, false)
                : new SaslStep.Stop("The server's last message is not one of SCRAM.");
    }

    private static String decoded(String challenge) {
        byte[] bytes = WireForms.decoded(challenge);
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    /** As that step; but what the server accepts here, it accepts without having proved that it knows the password. */
    private record Unproved(SaslStep step) implements SaslStep {

        @Override
        public Turn answer(String challenge) {
            return step.answer(challenge);
        }

        @Override
        public String objection() {
            return "The server accepts the login without proving that it knows the password.";
        }
    }

    /** The hash functions for which SCRAM is registered, as far as mail servers offer them. */
    private enum Hash {
        SHA_1("SHA-1", Hmac.SHA_1, 160),
        SHA_256("SHA-256", Hmac.SHA_256, 256);

        private final String algorithm;
        private final Hmac hmac;
        private final int bits;

        Hash(String algorithm, Hmac hmac, int bits) {
            this.algorithm = algorithm;
            this.hmac = hmac;
            this.bits = bits;
        }

        byte[] digest(byte[] text) {
            try {
                return MessageDigest.getInstance(algorithm).digest(text);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
        }

        /** Hi(). */
        byte[] saltedPassword(String password, byte[] salt, int iterations) {
            PBEKeySpec spec = new PBEKeySpec(SaslPrep.prepared(password).toCharArray(), salt, iterations, bits);
            try {
                return SecretKeyFactory.getInstance("PBKDF2With" + hmac.algorithm())
                        .generateSecret(spec)
                        .getEncoded();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has PBKDF2", e);
            } finally {
                spec.clearPassword();
            }
        }
    }
}
