package io.postwatch.controller.web.problem;

/**
 * What is wrong with one field.
 *
 * @param field where it is, as in the body: {@code credentials.username}, {@code tags[2]}
 * @param code stable, for programs
 * @param message a sentence for people
 */
public record FieldError(String field, String code, String message) {}
