package io.postwatch.controller.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How much each key-encryption key still wraps, as a running controller saw it; a small file in its folder tells it to the
 * person who runs {@code keys list}.
 *
 * @param at when it was counted
 * @param wrapped how many keys are wrapped by each; a key that wraps nothing is there with 0
 */
public record KeyUse(Instant at, SequencedMap<KekId, Long> wrapped) {
    private static final String FILE = "keys-in-use";

    public KeyUse {
        wrapped = new LinkedHashMap<>(wrapped);
    }

    /** Puts it in the place of what was told before. */
    public void write(DataHome home) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(at.toString());
        wrapped.forEach((key, count) -> lines.add(key.hex() + " " + count));
        Path draft = Files.createTempFile(home.folder(), ".keys", ".new");
        try {
            Files.write(draft, lines);
            Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Empty where no controller has told anything in this folder. */
    static Optional<KeyUse> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        try {
            LinkedHashMap<KekId, Long> wrapped = new LinkedHashMap<>();
            for (String line : lines.subList(1, lines.size())) {
                int space = line.indexOf(' ');
                wrapped.put(new KekId(line.substring(0, space)), Long.valueOf(line.substring(space + 1)));
            }
            return Optional.of(new KeyUse(Instant.parse(lines.getFirst()), wrapped));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeParseException e) {
            throw new IOException(file + " is not what a controller writes", e);
        }
    }

    /** Whether somebody counted it; empty where nobody did. */
    Optional<Long> of(KekId key) {
        return Optional.ofNullable(Map.copyOf(wrapped).get(key));
    }
}
