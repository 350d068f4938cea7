package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.sasl.Login;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A login in the forms in which it travels.
 *
 * @param username in base64
 * @param password in base64
 * @param plainResponse the response of SASL PLAIN (RFC 4616) in base64
 * @param rawPassword as the person wrote it
 */
public record Credentials(String username, String password, String plainResponse, String rawPassword) {

    public static Credentials of(Login login) {
        return new Credentials(
                base64(login.username()),
                base64(login.password()),
                base64("\0" + login.username() + "\0" + login.password()),
                login.password());
    }

    /** A server that repeats what it was told must not bring the password into a transcript. */
    public void hideIn(RunRecorder recorder) {
        recorder.hide(plainResponse);
        recorder.hide(password);
        recorder.hide(rawPassword);
    }

    @Override
    public String toString() {
        return "Credentials[redacted]";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
