package io.postwatch.controller.web.problem;

/**
 * The kind of a refusal: stable for programs, and the same status and title each time. Modules declare their own beside
 * what they refuse; those of REST itself are here.
 *
 * @param code small letters and hyphens
 * @param status the HTTP status
 * @param title the kind in a few words for people
 */
public record ProblemCode(String code, int status, String title) {
    public static final ProblemCode INVALID_JSON = new ProblemCode("invalid-json", 400, "The body is not valid JSON");
    public static final ProblemCode INVALID_FIELDS =
            new ProblemCode("invalid-fields", 400, "Some fields are not valid");
    public static final ProblemCode INVALID_PARAMETER =
            new ProblemCode("invalid-parameter", 400, "A parameter or header is not valid");
    public static final ProblemCode INVALID_CURSOR = new ProblemCode("invalid-cursor", 400, "The cursor is not valid");
    public static final ProblemCode INVALID_REQUEST =
            new ProblemCode("invalid-request", 400, "The request is not valid");
    public static final ProblemCode NOT_SIGNED_IN = new ProblemCode("not-signed-in", 401, "Sign in first");
    public static final ProblemCode CSRF_TOKEN_INVALID =
            new ProblemCode("csrf-token-invalid", 403, "The request does not carry the session's token");
    public static final ProblemCode CROSS_SITE_REQUEST =
            new ProblemCode("cross-site-request", 403, "The request comes from another site");
    public static final ProblemCode PERMISSION_DENIED =
            new ProblemCode("permission-denied", 403, "Your role does not permit this");
    public static final ProblemCode NOT_FOUND = new ProblemCode("not-found", 404, "There is no such thing");
    public static final ProblemCode METHOD_NOT_ALLOWED =
            new ProblemCode("method-not-allowed", 405, "This can't be done here");
    public static final ProblemCode NOT_ACCEPTABLE =
            new ProblemCode("not-acceptable", 406, "The answer is not available in that form");
    public static final ProblemCode NAME_TAKEN = new ProblemCode("name-taken", 409, "The name is taken");
    public static final ProblemCode IN_USE = new ProblemCode("in-use", 409, "It is still in use");
    public static final ProblemCode REVISION_MISMATCH =
            new ProblemCode("revision-mismatch", 412, "Somebody else has changed it in between");
    public static final ProblemCode BODY_TOO_LARGE = new ProblemCode("body-too-large", 413, "The body is too large");
    public static final ProblemCode UNSUPPORTED_MEDIA_TYPE =
            new ProblemCode("unsupported-media-type", 415, "Send JSON");
    public static final ProblemCode IDEMPOTENCY_KEY_REUSED =
            new ProblemCode("idempotency-key-reused", 422, "The idempotency key was used for another request");
    public static final ProblemCode TOO_MANY_REQUESTS = new ProblemCode("too-many-requests", 429, "Too many requests");
    public static final ProblemCode INTERNAL_ERROR =
            new ProblemCode("internal-error", 500, "Something went wrong here");

    public static final ProblemCode UNAVAILABLE =
            new ProblemCode("unavailable", 503, "The controller can't answer at the moment");

    /** What the server itself refuses, before any of the above had a say. */
    public static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 401 -> NOT_SIGNED_IN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            default -> status >= 400 && status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }
}
