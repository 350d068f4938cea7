package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a name and a description may be. */
public final class NameRules {
    private static final int MAX_NAME = 100;
    private static final int MAX_DESCRIPTION = 2000;

    private NameRules() {}

    public static String name(@Nullable String name, List<FieldError> errors) {
        String checked = name == null ? "" : name.strip();
        if (checked.isEmpty()) {
            errors.add(new FieldError("name", "required", "Enter a name"));
        } else if (checked.length() > MAX_NAME) {
            errors.add(new FieldError("name", "too-long", "The name has at most " + MAX_NAME + " characters"));
        } else if (checked.codePoints().anyMatch(Character::isISOControl)) {
            errors.add(
                    new FieldError("name", "control-characters", "The name has no line breaks or control characters"));
        }
        return checked;
    }

    public static String description(@Nullable String description, List<FieldError> errors) {
        String checked = description == null ? "" : description.strip();
        if (checked.length() > MAX_DESCRIPTION) {
            errors.add(new FieldError(
                    "description", "too-long", "The description has at most " + MAX_DESCRIPTION + " characters"));
        }
        return checked;
    }
}
