package io.postwatch.controller.proof;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came of asking one agent for the texts of a name. Whatever agents say is bounded and printable here. */
public sealed interface PlaceAnswer {
    int MAX_TEXTS = 16;
    int MAX_TEXT = 255;
    int MAX_NAME = 255;
    int MAX_REASON = 500;
    Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

    /** Nothing yet. */
    record Awaited() implements PlaceAnswer {}

    /**
     * Its resolvers answered.
     *
     * @param texts none: the name has none, or doesn't exist, or is an alias
     * @param more whether there are others that were not told
     * @param aliasOf where the name leads, if it is an alias: what stands there is somebody else's word
     */
    record Told(List<String> texts, boolean more, @Nullable String aliasOf) implements PlaceAnswer {
        public Told {
            more = more || texts.size() > MAX_TEXTS;
            texts = aliasOf == null
                    ? texts.stream()
                            .limit(MAX_TEXTS)
                            .map(text -> cleaned(text, MAX_TEXT))
                            .toList()
                    : List.of();
            aliasOf = aliasOf == null ? null : cleaned(aliasOf, MAX_NAME);
        }
    }

    /** It knows nothing of the name: its resolvers gave no answer, or it gave none itself. */
    record Unknown(String reason) implements PlaceAnswer {
        public Unknown {
            reason = cleaned(reason, MAX_REASON);
        }
    }

    private static String cleaned(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) : text;
        return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
}
