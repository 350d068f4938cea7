package io.postwatch.agent.link.mapping;

import com.google.protobuf.ByteString;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.proto.agent.v1.Texts;
import io.postwatch.proto.agent.v1.TextsFound;
import io.postwatch.proto.agent.v1.TextsUnknown;
import java.util.Comparator;
import java.util.List;

/** What was found at a name, as a message of bounded size. */
public final class TextMapping {

    private static final int MAX_TEXTS = 16;
    private static final int MAX_TEXT = 255;
    private static final int MAX_REASON = 500;
    private static final String PROOF = "postwatch-domain-verification=";

    private TextMapping() {}

    public static TextsFound found(ByteString id, TextAnswer answer) {
        return switch (answer) {
            case TextAnswer.Told(var aliases, var texts) -> told(id, aliases, texts);
            case TextAnswer.Unknown(var reason) -> unknown(id, reason);
        };
    }

    public static TextsFound unknown(ByteString id, String reason) {
        return TextsFound.newBuilder()
                .setLookupId(id)
                .setUnknown(TextsUnknown.newBuilder().setReason(ServerText.clean(reason, MAX_REASON)))
                .build();
    }

    /** Whoever owns where an alias leads says what stands there, and need not own the name. */
    private static TextsFound told(ByteString id, List<String> aliases, List<String> texts) {
        Texts.Builder told = Texts.newBuilder();
        if (aliases.isEmpty()) {
            List<String> kept = texts.stream()
                    .filter(text -> text.length() <= MAX_TEXT)
                    .sorted(Comparator.comparing(text -> !text.startsWith(PROOF)))
                    .limit(MAX_TEXTS)
                    .toList();
            told.addAllTexts(kept).setMore(kept.size() < texts.size());
        } else {
            told.setAliasOf(ServerText.clean(aliases.getLast(), MAX_TEXT));
        }
        return TextsFound.newBuilder().setLookupId(id).setTexts(told).build();
    }
}
