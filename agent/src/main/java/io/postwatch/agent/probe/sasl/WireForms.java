package io.postwatch.agent.probe.sasl;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The forms in which a login's secret can travel, whatever way of logging in is taken in the end. */
public final class WireForms {

    private WireForms() {}

    /** In characters. What is shorter stands in too many texts that mean something else. */
    private static final int MIN_FORM = 6;

    /**
     * Every text that tells the secret and is known before anything is said, longest first, so that none is hidden in half
     * by another that it contains: raw, as it stands in the quotes of IMAP, and in base64 as the mechanisms send it, with
     * and without the padding. Servers repeat what they heard in forms of their own, too: see {@link #repeated} and
     * {@link #insideBase64}. What depends on the server's challenge is told by {@link SaslStep.Response#secrets}.
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
        return longestFirst(Stream.of(Stream.of(text, base64(text)), messages, repeated(text), insideBase64(text))
                .flatMap(forms -> forms));
    }

    /** As servers that read, log or quote a line in their own way repeat it: pages, XML, JSON. */
    private static Stream<String> repeated(String text) {
        if (text.length() < MIN_FORM) {
            return Stream.of();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
        Stream<String> cases = Stream.of(text.toUpperCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
        Stream<String> misread = Stream.of(
                new String(bytes, StandardCharsets.ISO_8859_1),
                text.replaceAll("[^\\x00-\\x7f]", "?"),
                text.replaceAll("[^\\x00-\\x7f]", "\uFFFD"));
        Stream<String> escaped = Stream.of(
                encoded,
                encoded.replace("+", "%20"),
                markedUp(text),
                markedUp(text).replace("'", "&#39;"),
                markedUp(text).replace("'", "&#x27;"),
                quotable(text).replace("/", "\\/"));
        Stream<String> hex =
                Stream.of(HexFormat.of(), HexFormat.of().withUpperCase()).map(format -> format.formatHex(bytes));
        return Stream.of(cases, misread, escaped, hex).flatMap(forms -> forms);
    }

    /**
     * What stands in the base64 of any message that has this text in it, in both alphabets: the characters of which every
     * bit is the text's, for each of the three ways in which it can lie.
     */
    private static Stream<String> insideBase64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.rangeClosed(0, 2)
                .filter(lead -> lastCharacter(lead + bytes.length) - firstCharacter(lead) >= MIN_FORM)
                .mapToObj(lead -> Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(lead + bytes.length)
                                .position(lead)
                                .put(bytes)
                                .array())
                        .substring(firstCharacter(lead), lastCharacter(lead + bytes.length)))
                .flatMap(inside -> Stream.of(inside, inside.replace('+', '-').replace('/', '_')));
    }

    private static int firstCharacter(int bytesBefore) {
        return (8 * bytesBefore + 5) / 6;
    }

    private static int lastCharacter(int bytes) {
        return 8 * bytes / 6;
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

    /** As pages and XML have it. */
    private static String markedUp(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String withoutPadding(String base64) {
        return base64.replaceFirst("={1,2}$", "");
    }
}
