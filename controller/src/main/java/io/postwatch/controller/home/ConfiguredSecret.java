package io.postwatch.controller.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A secret of the configuration, given as itself or as the file that holds it. */
public final class ConfiguredSecret {
    private ConfiguredSecret() {}

    /**
     * The secret, without the line break that ends its file; empty where neither is given.
     *
     * @param name what the setting is called, for the sentence of a refusal
     */
    public static Optional<String> read(String name, @Nullable String value, @Nullable Path file) {
        @Nullable String given = value == null || value.isEmpty() ? null : value;
        @Nullable Path givenFile = file == null || file.toString().isEmpty() ? null : file;
        if (given != null && givenFile != null) {
            throw new StartupRefused(
                    name + " is given both as a value and as a file.",
                    "Leave one of the two out of the configuration.");
        }
        return givenFile == null ? Optional.ofNullable(given) : Optional.of(readFile(name, givenFile));
    }

    private static String readFile(String name, Path file) {
        try {
            String content = Files.readString(file);
            return content.replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new StartupRefused(
                    "The file " + file + " for " + name + " can't be read.",
                    "Check that it exists and that the user who runs the controller may read it.",
                    e);
        }
    }
}
