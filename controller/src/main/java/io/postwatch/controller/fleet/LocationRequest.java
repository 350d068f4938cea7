package io.postwatch.controller.fleet;

import io.postwatch.controller.web.NameRules;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A location as it is sent. */
record LocationRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String name,

        @Nullable String description) {
    Checked check() {
        List<FieldError> errors = new ArrayList<>();
        Checked checked = new Checked(NameRules.name(name, errors), NameRules.description(description, errors));
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
        return checked;
    }

    record Checked(String name, String description) {}
}
