package io.postwatch.controller.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refusal as it travels: problem details of RFC 9457 with a stable code and, where fields are to blame, which. */
public record Problem(
        @Nullable String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        String code,
        @Nullable List<FieldError> fieldErrors) {
    static Problem of(ProblemCode code, @Nullable String detail, List<FieldError> fieldErrors) {
        return new Problem(
                "urn:postwatch:problem:" + code.code(),
                code.title(),
                code.status(),
                detail,
                null,
                code.code(),
                fieldErrors.isEmpty() ? null : fieldErrors);
    }
}
