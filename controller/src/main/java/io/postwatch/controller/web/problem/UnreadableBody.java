package io.postwatch.controller.web.problem;

import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body could not be read, without repeating what was in it: it may hold a password. */
final class UnreadableBody {
    private UnreadableBody() {}

    static ProblemException problem(HttpMessageNotReadableException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return ProblemException.of(
                        ProblemCode.BODY_TOO_LARGE, "A body has at most " + tooLarge.mostBytes() + " bytes.");
            }
            if (cause instanceof DatabindException mismatch) {
                return mismatch(mismatch);
            }
            if (cause instanceof StreamReadException syntax && !(syntax.getCause() instanceof BodyTooLargeException)) {
                return ProblemException.of(ProblemCode.INVALID_JSON, "The body is not valid JSON" + at(syntax) + ".");
            }
        }
        return ProblemException.of(ProblemCode.INVALID_JSON, "The body must be a JSON object.");
    }

    private static ProblemException mismatch(DatabindException e) {
        String field = path(e);
        if (field.isEmpty()) {
            return ProblemException.of(ProblemCode.INVALID_JSON, "The body must be a JSON object.");
        }
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                ProblemException.invalidField(field, "unknown-field", "There is no field " + field);
            case InvalidNullException missing ->
                ProblemException.invalidField(field, "required", field + " must not be null");
            case InvalidFormatException malformed ->
                ProblemException.invalidField(field, "invalid", field + " is not valid");
            case MismatchedInputException mistyped ->
                ProblemException.invalidField(field, "wrong-type", field + " has the wrong type");
            // Open hierarchy of Jackson's.
            default -> ProblemException.invalidField(field, "invalid", field + " is not valid");
        };
    }

    private static String path(DatabindException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
