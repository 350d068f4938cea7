package io.postwatch.controller.web.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** A refusal as it travels: problem details of RFC 9457 with a stable code and, where fields are to blame, which. */
public record Problem(
        @Nullable String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        String code,
        @Nullable List<FieldError> fieldErrors) {
    public static ResponseEntity<Problem> answer(
            ProblemCode code, @Nullable String detail, List<FieldError> fieldErrors, HttpHeaders headers) {
        return ResponseEntity.status(code.status())
                .headers(headers)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(of(code, detail, fieldErrors));
    }

    private static Problem of(ProblemCode code, @Nullable String detail, List<FieldError> fieldErrors) {
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
