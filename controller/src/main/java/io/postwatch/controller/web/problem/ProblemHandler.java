package io.postwatch.controller.web.problem;

import io.postwatch.controller.scope.SqlStates;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns everything a request may fail with into a problem with a stable code. */
@RestControllerAdvice
class ProblemHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Duration SOON = Duration.ofSeconds(5);

    @ExceptionHandler
    ResponseEntity<Problem> refused(ProblemException refusal) {
        HttpHeaders headers = new HttpHeaders();
        Duration retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return Problem.answer(refusal.code(), refusal.getMessage(), refusal.fieldErrors(), headers);
    }

    @ExceptionHandler
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException e) {
        return refused(UnreadableBody.problem(e));
    }

    /** A malformed id in the path is the id of nothing; elsewhere it is a mistake of the caller. */
    @ExceptionHandler
    ResponseEntity<Problem> mistyped(MethodArgumentTypeMismatchException e) {
        if (e.getParameter().hasParameterAnnotation(PathVariable.class)) {
            return refused(ProblemException.notFound());
        }
        String kind = e.getParameter().hasParameterAnnotation(RequestHeader.class) ? "header " : "parameter ";
        return refused(ProblemException.invalidParameter(
                e.getName(), "invalid", "The " + kind + e.getName() + " is not valid"));
    }

    /** Parameters that aren't even percent-encoded correctly, or are too many. */
    @ExceptionHandler
    ResponseEntity<Problem> undecodable(InvalidParameterException e) {
        ProblemCode code = ProblemCode.ofStatus(e.getErrorCode());
        return Problem.answer(code, "The parameters can't be read.", List.of(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Problem> invalid(HandlerMethodValidationException e) {
        List<FieldError> errors = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> new FieldError(
                                String.valueOf(result.getMethodParameter().getParameterName()),
                                "invalid",
                                String.valueOf(error.getDefaultMessage()))))
                .toList();
        return Problem.answer(ProblemCode.INVALID_PARAMETER, "A parameter is not valid.", errors, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Problem> missing(ServletRequestBindingException e) {
        return switch (e) {
            case MissingRequestHeaderException header ->
                refused(ProblemException.invalidParameter(
                        header.getHeaderName(), "required", "The header " + header.getHeaderName() + " is missing"));
            case MissingServletRequestParameterException parameter ->
                refused(ProblemException.invalidParameter(
                        parameter.getParameterName(),
                        "required",
                        "The parameter " + parameter.getParameterName() + " is missing"));
            // Open hierarchy of Spring's: what it may add is the caller's mistake as well.
            default -> refused(ProblemException.of(ProblemCode.INVALID_REQUEST, "The request can't be understood."));
        };
    }

    @ExceptionHandler({NoResourceFoundException.class, NoHandlerFoundException.class})
    ResponseEntity<Problem> unknownPath(HttpServletRequest request) {
        return refused(ProblemException.of(ProblemCode.NOT_FOUND, "There is nothing at this path."));
    }

    @ExceptionHandler
    ResponseEntity<Problem> method(HttpRequestMethodNotSupportedException e) {
        HttpHeaders headers = new HttpHeaders();
        if (e.getSupportedHttpMethods() != null) {
            headers.setAllow(e.getSupportedHttpMethods());
        }
        String allowed =
                headers.getAllow().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return Problem.answer(
                ProblemCode.METHOD_NOT_ALLOWED,
                e.getMethod() + " is not possible here; possible: " + allowed + ".",
                List.of(),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<Problem> mediaType(HttpMediaTypeNotSupportedException e) {
        return refused(
                ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json in UTF-8."));
    }

    @ExceptionHandler
    ResponseEntity<Problem> acceptable(HttpMediaTypeNotAcceptableException e) {
        return refused(ProblemException.of(ProblemCode.NOT_ACCEPTABLE, "The answer is application/json."));
    }

    /** The other side has gone; nobody reads an answer. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        LOG.debug("A client went away", e);
    }

    /** The database can't be reached, ended under a statement, or has no connection left in time. */
    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessResourceException.class,
        RecoverableDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Problem> unavailable(NestedRuntimeException e, HttpServletRequest request) {
        LOG.warn(
                "{} {} could not be answered, the database is missing: {}",
                request.getMethod(),
                request.getRequestURI(),
                e.getMostSpecificCause().getMessage());
        return refused(ProblemException.unavailable("The database doesn't answer. Try again in a moment.", SOON));
    }

    /** Of all else that the database says, two are no fault of the request or of this program. */
    @ExceptionHandler
    ResponseEntity<Problem> refusedByDatabase(DataAccessException e, HttpServletRequest request) {
        return switch (SqlStates.of(e)) {
            case SqlStates.LOCK_NOT_AVAILABLE -> {
                LOG.warn(
                        "{} {} waited too long for a lock: {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        e.getMostSpecificCause().getMessage());
                yield refused(ProblemException.unavailable(
                        "Something else is changing the same at the moment. Try again in a moment.", SOON));
            }
            case SqlStates.IDLE_IN_TRANSACTION -> unavailable(e, request);
            default -> unexpected(e, request);
        };
    }

    @ExceptionHandler
    ResponseEntity<Problem> unexpected(Exception e, HttpServletRequest request) {
        LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        return refused(ProblemException.of(ProblemCode.INTERNAL_ERROR, "The controller's log says why."));
    }
}
