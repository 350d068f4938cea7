package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.NameRules;
import io.postwatch.controller.web.problem.FieldError;
import io.postwatch.controller.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A location as it is sent. */
record LocationRequest(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
        String name,

        @Nullable String description,

        @Schema(description = "Where a public location is: two letters of ISO 3166. A private one has none") @Nullable
        String country) {
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    Checked check(TenantId owner) {
        List<FieldError> errors = new ArrayList<>();
        Checked checked = new Checked(
                NameRules.name(name, errors),
                NameRules.description(description, errors),
                country(owner.equals(TenantId.PLATFORM), errors));
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
        return checked;
    }

    private @Nullable String country(boolean isPublic, List<FieldError> errors) {
        String code = country == null ? "" : country.strip().toUpperCase(Locale.ROOT);
        if (!isPublic) {
            if (!code.isEmpty()) {
                errors.add(new FieldError("country", "not-private", "Only public locations have a country"));
            }
            return null;
        }
        if (code.isEmpty()) {
            errors.add(new FieldError("country", "required", "Choose the country of the location"));
        } else if (!COUNTRIES.contains(code)) {
            errors.add(new FieldError("country", "unknown", "The country is two letters of ISO 3166, as DE"));
        }
        return code;
    }

    record Checked(
            String name, String description, @Nullable String country) {}
}
