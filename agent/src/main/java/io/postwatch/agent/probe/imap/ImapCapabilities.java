package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.sasl.MechanismOffer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says it can do. Keywords come in any case and any order.
 *
 * @param keywords as sent
 */
record ImapCapabilities(List<String> keywords) {

    static final ImapCapabilities NONE = new ImapCapabilities(List.of());

    private static final Pattern CODE =
            Pattern.compile("^\\S+ (?:OK|PREAUTH) \\[CAPABILITY ([^\\]]+)\\]", Pattern.CASE_INSENSITIVE);

    ImapCapabilities {
        keywords = List.copyOf(keywords);
    }

    /** Of the untagged CAPABILITY responses among these. */
    static ImapCapabilities of(List<ImapResponse.Untagged> responses) {
        return new ImapCapabilities(responses.stream()
                .filter(response -> response.keyword().equals("CAPABILITY"))
                .flatMap(response -> List.of(response.rest().strip().split(" +")).stream())
                .filter(keyword -> !keyword.isEmpty())
                .toList());
    }

    /** In the response code {@code [CAPABILITY …]} of this response; none where it has no such code. */
    static ImapCapabilities inCodeOf(ImapResponse response) {
        Matcher code = CODE.matcher(response.line());
        return code.find() ? new ImapCapabilities(List.of(code.group(1).strip().split(" +"))) : NONE;
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
