package io.postwatch.agent.probe.sasl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The forms in which a login's secret can travel, whatever way of logging in is taken in the end. */
public final class WireForms {

    private WireForms() {}

    /**
     * Every text that tells the secret and is known before anything is said, longest first, so that none is hidden in half
     * by another that it contains: raw, as it stands in the quotes of IMAP, and in base64 as the mechanisms send it, with
     * and without the padding. What depends on the server's challenge is told by {@link SaslStep.Response#secrets}.
     */
    public static List<String> ofSecret(Login login) {
        String text = login.secret().text();
        Stream<String> messages = switch (login.secret()) {
            case Login.Password _ -> Stream.of(quotable(text), PlainMechanism.message(login));
            case Login.AccessToken _ ->
                Stream.of(
                        base64("Bearer " + text),
                        base64(BearerMechanism.xoauth2Message(login)),
                        base64(BearerMechanism.oauthBearerMessage(login)));
        };
        return longestFirst(Stream.concat(Stream.of(text, base64(text)), messages));
    }

    /** A quoted string (RFC 9051, section 4.3); the caller makes sure that quotes can hold the text. */
    public static String quoted(String text) {
        return "\"" + quotable(text) + "\"";
    }

    /**
     * Every text that tells what a message proves, longest first: the message and its parts, raw and in base64.
     *
     * @param parts what of the message would serve to guess the password
     */
    static List<String> ofProof(String message, List<String> parts) {
        List<String> forms = new ArrayList<>(parts);
        forms.add(message);
        return longestFirst(forms.stream().flatMap(form -> Stream.of(form, base64(form))));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Null where it is no base64. */
    static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<String> longestFirst(Stream<String> forms) {
        return forms.flatMap(form -> Stream.of(form, withoutPadding(form)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    private static String quotable(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String withoutPadding(String base64) {
        return base64.replaceFirst("={1,2}$", "");
    }
}
