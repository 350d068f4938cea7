package io.postwatch.controller.monitor;

import io.postwatch.controller.web.problem.FieldError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one request and gathers what is wrong with them; null where a field has no sound value. */
final class FieldChecks {
    private final List<FieldError> errors = new ArrayList<>();

    boolean allGood() {
        return errors.isEmpty();
    }

    List<FieldError> errors() {
        return List.copyOf(errors);
    }

    @Nullable
    UUID uuid(String field, @Nullable String text) {
        try {
            UUID uuid = UUID.fromString(Objects.requireNonNullElse(text, ""));
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with the short forms that the parser lets through.
        }
        error(field, "bad-id", "This is no id");
        return null;
    }

    @Nullable
    String text(String field, String text, int max) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            error(field, "required", "This must not be empty");
            return null;
        }
        return fits(field, stripped, max) ? stripped : null;
    }

    boolean fits(String field, String text, int max) {
        if (text.length() > max) {
            error(field, "too-long", "This has at most " + max + " characters");
            return false;
        }
        if (text.codePoints().anyMatch(FieldChecks::isForbidden)) {
            error(field, "control-characters", "This has no line breaks or control characters");
            return false;
        }
        return true;
    }

    /** Control characters, line and paragraph separators, and halves of surrogate pairs, which no encoding can carry. */
    private static boolean isForbidden(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || (c >= 0xD800 && c <= 0xDFFF);
    }

    Duration seconds(String field, @Nullable Integer value, Duration usual, int least, int most) {
        Integer seconds = range(field, value, least, most);
        return seconds == null ? usual : Duration.ofSeconds(seconds);
    }

    @Nullable
    Integer range(String field, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            error(field, "out-of-range", "This is a number from " + least + " to " + most);
            return null;
        }
        return value;
    }

    <E extends Enum<E>> @Nullable E required(String field, @Nullable String text, Class<E> words) {
        if (text == null) {
            error(
                    field,
                    "required",
                    "This is one of " + list(Arrays.asList(words.getEnumConstants()), FieldChecks::lower));
            return null;
        }
        return word(field, text, words);
    }

    <E extends Enum<E>> @Nullable E word(String field, @Nullable String text, Class<E> words) {
        return word(field, text, Arrays.asList(words.getEnumConstants()), FieldChecks::lower);
    }

    <E> @Nullable E word(String field, @Nullable String text, Collection<E> words, Function<E, String> name) {
        if (text == null) {
            return null;
        }
        for (E word : words) {
            if (text.equals(name.apply(word))) {
                return word;
            }
        }
        error(field, "unknown-value", "This is one of " + list(words, name));
        return null;
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static <E> String list(Collection<E> words, Function<E, String> name) {
        return words.stream().map(name).collect(Collectors.joining(", "));
    }

    void error(String field, String code, String message) {
        errors.add(new FieldError(field, code, message));
    }
}
