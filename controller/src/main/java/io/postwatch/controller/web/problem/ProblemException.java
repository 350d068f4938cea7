package io.postwatch.controller.web.problem;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request is refused; the caller gets the problem as RFC 9457 describes it. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ProblemCode code;
    private final transient List<FieldError> fieldErrors;
    private final transient @Nullable Duration retryAfter;

    private ProblemException(
            ProblemCode code, String detail, List<FieldError> fieldErrors, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.code = code;
        this.fieldErrors = List.copyOf(fieldErrors);
        this.retryAfter = retryAfter;
    }

    /**
     * A refusal without fields.
     *
     * @param detail a sentence for people about this one case; it never repeats a secret
     */
    public static ProblemException of(ProblemCode code, String detail) {
        return new ProblemException(code, detail, List.of(), null);
    }

    public static ProblemException invalidFields(List<FieldError> errors) {
        if (errors.isEmpty()) {
            throw new IllegalArgumentException("A problem with fields names at least one");
        }
        return new ProblemException(
                ProblemCode.INVALID_FIELDS, errors.getFirst().message() + ".", errors, null);
    }

    public static ProblemException invalidField(String field, String code, String message) {
        return invalidFields(List.of(new FieldError(field, code, message)));
    }

    public static ProblemException invalidParameter(String parameter, String code, String message) {
        return new ProblemException(
                ProblemCode.INVALID_PARAMETER, message + ".", List.of(new FieldError(parameter, code, message)), null);
    }

    /** For what is unknown and for what belongs to another tenant alike. */
    public static ProblemException notFound() {
        return of(ProblemCode.NOT_FOUND, "It does not exist, or not in this tenant.");
    }

    /** One name too many; {@code field} is where it was given. */
    public static ProblemException nameTaken(String field, String detail) {
        return new ProblemException(
                ProblemCode.NAME_TAKEN, detail, List.of(new FieldError(field, "taken", detail)), null);
    }

    public static ProblemException tooManyRequests(String detail, Duration retryAfter) {
        return new ProblemException(ProblemCode.TOO_MANY_REQUESTS, detail, List.of(), retryAfter);
    }

    public static ProblemException unavailable(String detail, Duration retryAfter) {
        return new ProblemException(ProblemCode.UNAVAILABLE, detail, List.of(), retryAfter);
    }

    public ProblemCode code() {
        return code;
    }

    public List<FieldError> fieldErrors() {
        return fieldErrors;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
