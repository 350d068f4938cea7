package io.postwatch.agent.probe.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The forms in which a login's secret can travel, whatever way of logging in is taken in the end. */
public final class WireForms {

    private WireForms() {}

    /**
     * Every text that tells the password, longest first, so that none is hidden in half by another that it contains: raw,
     * as it stands in the quotes of IMAP, and in base64 as LOGIN and PLAIN send it, with and without the padding.
     */
    public static List<String> ofSecret(Login login) {
        return Stream.of(
                        login.secret().text(),
                        quotable(login.secret().text()),
                        base64(login.secret().text()),
                        PlainMechanism.message(login))
                .flatMap(form -> Stream.of(form, withoutPadding(form)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** A quoted string (RFC 9051, section 4.3); the caller makes sure that quotes can hold the text. */
    public static String quoted(String text) {
        return "\"" + quotable(text) + "\"";
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quotable(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String withoutPadding(String base64) {
        return base64.replaceFirst("={1,2}$", "");
    }
}
