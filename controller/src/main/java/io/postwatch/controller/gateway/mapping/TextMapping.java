package io.postwatch.controller.gateway.mapping;

import io.postwatch.controller.proof.PlaceAnswer;
import io.postwatch.controller.shared.id.TextLookupId;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.Texts;
import io.postwatch.proto.agent.v1.TextsFound;

/** The texts of names, as messages. */
public final class TextMapping {
    private TextMapping() {}

    public static LookUpTexts wanted(TextLookupId id, String name) {
        return LookUpTexts.newBuilder()
                .setLookupId(OrderMapping.bytes(id.value()))
                .setName(name)
                .build();
    }

    /** What an agent found. An answer that says nothing is no knowledge. */
    public static PlaceAnswer answer(TextsFound found) {
        return switch (found.getOutcomeCase()) {
            case TEXTS -> told(found.getTexts());
            case UNKNOWN -> new PlaceAnswer.Unknown(found.getUnknown().getReason());
            case OUTCOME_NOT_SET -> new PlaceAnswer.Unknown("the agent said nothing of it");
        };
    }

    private static PlaceAnswer told(Texts texts) {
        return new PlaceAnswer.Told(
                texts.getTextsList(), texts.getMore(), texts.getAliasOf().isEmpty() ? null : texts.getAliasOf());
    }
}
