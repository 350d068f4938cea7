package io.postwatch.controller.result;

import io.postwatch.controller.run.Transcript;
import io.postwatch.controller.run.TranscriptLine;
import io.postwatch.controller.shared.Direction;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A stored line of a dialogue. */
record TranscriptJson(long atMicros, Direction direction, String text) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<TranscriptJson>> LINES = new TypeReference<>() {};

    static String write(Transcript transcript) {
        return JSON.writeValueAsString(transcript.lines().stream()
                .map(line -> new TranscriptJson(Micros.of(line.at()), line.direction(), StoredText.of(line.text())))
                .toList());
    }

    static Transcript read(String json, long discardedBytes) {
        return new Transcript(
                JSON.readValue(json, LINES).stream()
                        .map(line ->
                                new TranscriptLine(Micros.duration(line.atMicros()), line.direction(), line.text()))
                        .toList(),
                discardedBytes);
    }
}
