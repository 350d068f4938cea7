package io.postwatch.controller.inventory;

import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A component as it is sent. */
record ComponentRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String name,

        @Nullable String description) {
    private static final int MAX_NAME = 100;
    private static final int MAX_DESCRIPTION = 2000;

    /** The request without what may be left out; throws a problem that names every wrong field. */
    Checked check() {
        List<FieldError> errors = new ArrayList<>();
        String checkedName = name == null ? "" : name.strip();
        String checkedDescription = description == null ? "" : description.strip();
        if (checkedName.isEmpty()) {
            errors.add(new FieldError("name", "required", "Enter a name"));
        } else if (checkedName.length() > MAX_NAME) {
            errors.add(new FieldError("name", "too-long", "The name has at most " + MAX_NAME + " characters"));
        } else if (checkedName.codePoints().anyMatch(Character::isISOControl)) {
            errors.add(
                    new FieldError("name", "control-characters", "The name has no line breaks or control characters"));
        }
        if (checkedDescription.length() > MAX_DESCRIPTION) {
            errors.add(new FieldError(
                    "description", "too-long", "The description has at most " + MAX_DESCRIPTION + " characters"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
        return new Checked(checkedName, checkedDescription);
    }

    record Checked(String name, String description) {}
}
