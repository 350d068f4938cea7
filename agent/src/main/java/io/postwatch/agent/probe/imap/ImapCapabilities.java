package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.sasl.MechanismOffer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server says it can do. Keywords come in any case and any order.
 *
 * @param keywords as sent
 */
record ImapCapabilities(List<String> keywords) {

    /** Servers have 20 to 70. */
    private static final int MAX_KEYWORDS = 200;

    static final ImapCapabilities NONE = new ImapCapabilities(List.of());

    private static final Pattern CODE =
            Pattern.compile("^\\S+ (?:OK|PREAUTH) \\[CAPABILITY ([^\\]]+)\\]", Pattern.CASE_INSENSITIVE);

    ImapCapabilities {
        keywords = List.copyOf(keywords);
    }

    /** The first 200 of those that stand there, apart by spaces. */
    static ImapCapabilities listed(String text) {
        return new ImapCapabilities(Stream.of(text.strip().split(" +"))
                .filter(keyword -> !keyword.isEmpty())
                .limit(MAX_KEYWORDS)
                .toList());
    }

    /** In the response code {@code [CAPABILITY …]} of this response; none where it has no such code. */
    static ImapCapabilities inCodeOf(ImapResponse response) {
        Matcher code = CODE.matcher(response.line());
        return code.find() ? listed(code.group(1)) : NONE;
    }

    boolean has(String keyword) {
        return keywords.stream().anyMatch(told -> told.toUpperCase(Locale.ROOT).equals(keyword));
    }

    MechanismOffer mechanisms() {
        return new MechanismOffer(keywords.stream()
                .map(keyword -> keyword.toUpperCase(Locale.ROOT))
                .filter(keyword -> keyword.startsWith("AUTH="))
                .map(keyword -> keyword.substring("AUTH=".length()))
                .toList());
    }
}
